import Foundation
import NamespaceRun
import Testing

/// Links made by our requests, as ip(8) sees them.
@Suite(.enabled(if: NamespaceRun.isPossible)) struct LinkTests {
    @Test func aBridgeIsBornWithItsSettings() throws {
        let run = try NamespaceRun("netlink-tool bridge; ip -j -d link show br0")
        #expect(run.lines.first == "br0 bridge 1400 true true", "\(run.output)")
        let link = try #require(try run.objects().first)
        #expect(link["mtu"] as? Int == 1400 && link["address"] as? String == "02:00:00:00:00:01")
        #expect((link["flags"] as? [String])?.contains("UP") == true)
        #expect((link["linkinfo"] as? [String: Any])?["info_kind"] as? String == "bridge")
    }

    @Test func aKernelWithoutVLANFilteringSaysSo() throws {
        let run = try NamespaceRun("netlink-tool filtering || :")
        #expect(
            run.output == "true\n"
                || run.output
                    == "error: link add name br0 type bridge vlan_filtering 1: Operation not supported\n"
        )
    }

    @Test func thePeerOfAVethIsBornInItsNamespace() throws {
        let run = try NamespaceRun(
            "namespace n; netlink-tool veth /run/netns/n; ip link show veth1 | head -1; ip -n n -j link show eth0"
        )
        let peer = try #require(try run.objects().first)
        #expect(run.lines[0] == "\(peer["ifindex"] ?? "") 0 true 7", "\(run.output)")
        #expect(run.lines[1] == "\(peer["ifindex"] ?? "") true true 02:00:00:00:00:02")
        #expect(peer["mtu"] as? Int == 1300 && peer["txqlen"] as? Int == 50)
        #expect(peer["operstate"] as? String == "UP" && peer["link_netnsid"] as? Int == 0)
        #expect(run.lines[2].contains("master br0"))
    }

    @Test func aPeerCannotBeBornUp() throws {
        let run = try NamespaceRun("netlink-tool born-up || :")
        #expect(
            run.output.hasPrefix(
                "error: link add name a type veth peer name b up: Transport endpoint is not connected"),
            "\(run.output)")
    }

    @Test func everySettingArrives() throws {
        let run = try NamespaceRun("netlink-tool settings; ip -j -d link show dev c")
        let seen = try #require(run.lines.first)
        for word in [
            "name: \"a\"", "kind: \"veth\"", "02:00:00:00:00:03", "mtu: 1280",
            "Flags(rawValue: 4867)", "transmitQueueLength: 123",
            "group: 5", "of a test", "promiscuity: 2",
        ] { #expect(seen.contains(word), "\(word) in \(seen)") }
        let link = try #require(try run.objects().first)
        #expect(link["ifname"] as? String == "c" && link["group"] as? String == "5")
        #expect(link["txqlen"] as? Int == 123 && link["mtu"] as? Int == 1280)
        #expect(link["master"] as? String == "br0" && link["ifalias"] == nil)
        // The bridge's own; that of the setting has gone.
        #expect(link["promiscuity"] as? Int == 1)
        #expect(link["flags"] as? [String] == ["BROADCAST", "MULTICAST", "M-DOWN"])
    }

    @Test func aPortTakesItsFlags() throws {
        let run = try NamespaceRun("netlink-tool ports; bridge -j -d link show dev a")
        #expect(run.lines.prefix(2) == ["true true true false", "[\"a\"] true"], "\(run.output)")
        let port = try #require(try run.objects().first)
        #expect(port["hairpin"] as? Bool == true && port["guard"] as? Bool == true)
        #expect(port["isolated"] as? Bool == false && port["learning"] as? Bool == false)
    }

    @Test func portVLANsArriveOrTheKernelRefusesThemByName() throws {
        let run = try NamespaceRun("netlink-tool vlan || :")
        #expect(
            run.lines.last?.contains("[1, 10, 11") == true
                || run.output.contains("vlan add dev 2 vid 10-20 untagged: Operation not supported")
                || run.output.contains("vlan add dev 4 vid 10-20 untagged: Operation not supported"),
            "\(run.output)")
    }

    @Test func alternativeNamesFindTheLink() throws {
        let run = try NamespaceRun(
            """
            ip link add name a type veth peer name b
            ip link property add dev a altname a-name-of-more-than-fifteen-bytes altname short
            netlink-tool names
            """)
        #expect(
            run.lines.first == "a [\"a-name-of-more-than-fifteen-bytes\", \"short\"] a", "\(run.output)")
    }

    @Test func deletingOneEndDeletesBoth() throws {
        let run = try NamespaceRun(
            "ip link add name a type veth peer name b; netlink-tool delete b; netlink-tool show a; netlink-tool links"
        )
        #expect(run.output == "none\n1 lo\n")
    }

    @Test func aGroupIsDeletedAtOnce() throws {
        let run = try NamespaceRun(
            "netlink-tool many 100; netlink-tool delete-group 9; netlink-tool links; netlink-tool delete-group 9 || :"
        )
        #expect(
            run.lines.prefix(3) == ["201", "1 lo", "error: link delete group 9: No such device"],
            "\(run.output)")
    }

    @Test func errorsCarryTheKernelsNumberAndWords() throws {
        let run = try NamespaceRun("netlink-tool errors")
        let expected = [
            "19 link delete dev missing: No such device",
            "22 link set dev a mtu 10: Invalid argument (mtu less than device minimum)",
            "19 address add 10.0.0.1/24 dev 999: No such device",
            "101 route replace 10.9.0.0/16 via 10.1.1.1: Network is unreachable",
            "link show missing: No such device",
        ]
        #expect(run.lines.count == expected.count, "\(run.output)")
        for (line, want) in zip(run.lines, expected) { #expect(line.hasPrefix(want), "\(line)") }
    }

    @Test func theKernelGoesOnBehindAFailure() throws {
        let run = try NamespaceRun("netlink-tool batch")
        #expect(
            run.output == "link delete dev missing1: No such device\n[\"a\", \"b\", \"c\", \"d\", \"lo\"]\n")
    }
}
