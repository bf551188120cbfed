import Foundation
import NamespaceRun
import Testing

private let veth = """
    ip link add name a type veth peer name b; ip link set dev a up; ip link set dev b up
    ip address add 10.1.0.1/24 dev a; ip address add fd01::1/64 dev a nodad

    """

/// Addresses, routes and neighbours made by our requests, as ip(8) sees them.
@Suite(.enabled(if: NamespaceRun.isPossible)) struct AddressTests {
    @Test func addressesArriveAndAreReadBack() throws {
        let run = try NamespaceRun("netlink-tool addresses; ip -j address show lo")
        let expected = [
            "10.1.2.3/24 10.1.2.255 - 0 0 false true", "10.1.2.4/31 - - 0 0 false true",
            "fd00::1/64 - - 0 0 true true", "10.9.9.1/32 - 10.9.9.2 254 77 false true",
            "127.0.0.1/8 - - 254 0 false true", "::1/128 - - 254 0 false true",
        ]
        for line in expected { #expect(run.lines.contains(line), "\(line) in \(run.output)") }
        #expect(
            run.lines.contains("6") && run.lines.contains("address show: No such device"), "\(run.output)")
        #expect(
            run.lines.contains { $0.hasPrefix("address add 10.1.2.3/24 dev 1: File exists") }, "\(run.output)"
        )
        let infos = try #require(try run.objects().first?["addr_info"] as? [[String: Any]])
        let byAddress = Dictionary(uniqueKeysWithValues: infos.map { ($0["local"] as? String ?? "", $0) })
        #expect(byAddress["10.1.2.3"]?["broadcast"] as? String == "10.1.2.255")
        #expect(byAddress["10.9.9.1"]?["address"] as? String == "10.9.9.2")
        #expect(byAddress["10.9.9.1"]?["metric"] as? Int == 77)
        #expect(byAddress["fd00::1"]?["nodad"] as? Bool == true)
        #expect(byAddress["fd00::1"]?["noprefixroute"] as? Bool == true)
        #expect(byAddress["10.7.7.7"] == nil)
    }

    @Test func routesArriveAndAreReadBack() throws {
        let run = try NamespaceRun(
            veth
                + "netlink-tool routes; ip -j -d route show table all proto boot; ip -j -6 route show default"
        )
        let expected = [
            "10.20.0.0/16 via 10.1.0.2 dev 3 metric 50 scope 0 kind 1 mtu 1300 advmss 1200 onlink false src 10.1.0.1",
            "10.30.0.0/16 via 192.0.2.1 dev 3 table 1000 scope 0 kind 1 mtu 0 advmss 0 onlink true src -",
            "10.40.0.0/16 dev 3 scope 253 kind 1 mtu 0 advmss 0 onlink false src -",
            "10.50.0.0/16 scope 0 kind 7 mtu 0 advmss 0 onlink false src -",
            "0.0.0.0/0 via 10.1.0.2 dev 3 scope 0 kind 1 mtu 0 advmss 0 onlink false src -",
            "::/0 via fd01::2 dev 3 metric 1024 scope 0 kind 1 mtu 0 advmss 0 onlink false src -",
            "[10.30.0.0/16] []",
        ]
        for line in expected { #expect(run.lines.contains(line), "\(line) in \(run.output)") }
        #expect(run.lines.filter { $0.contains(" scope ") }.count == 6)
        let line = try #require(run.lines.first { $0.hasPrefix("[{") })
        for words in [
            #""dst":"10.20.0.0/16","gateway":"10.1.0.2","dev":"a","table":"main","scope":"global","prefsrc":"10.1.0.1","metric":50"#,
            #""metrics":[{"mtu":1300,"advmss":1200}]"#, #""flags":["onlink"]"#,
            #""dst":"10.40.0.0/16","dev":"a","table":"main","scope":"link""#,
            #""type":"unreachable","dst":"10.50.0.0/16""#,
        ] { #expect(line.contains(words), "\(words) in \(line)") }
        #expect(!line.contains("10.60.0.0"))
        #expect(try run.objects().first?["gateway"] as? String == "fd01::2")
    }

    @Test func routesAreReplacedAppendedAndLookedUp() throws {
        let run = try NamespaceRun(
            veth + "netlink-tool more-routes; ip route show 10.20.0.0/16 | grep -c via")
        #expect(
            run.lines == [
                "[\"10.1.0.3\"]", "10.1.0.3 10.1.0.1 true", "true",
                "route get 203.0.113.1: Network is unreachable",
                "true", "2",
            ], "\(run.output)")
    }

    /// A route that comes back is the one that went, though ``Route`` has no words for half of it.
    @Test func aCopyOfARouteIsTheRouteInAnotherPlace() throws {
        let run = try NamespaceRun(
            veth + """
                ip link add name far type veth peer name away; ip link set dev far up
                ip route add 10.20.0.0/16 table 50 via 10.1.0.2 src 10.1.0.1 mtu lock 1300 window 4000 initcwnd 20 proto 99 metric 5
                ip route add 10.21.0.0/16 table 50 nexthop via 10.1.0.2 weight 3 nexthop dev far
                ip route add 10.22.0.0/16 table 50 tos 0x10 dev a scope link
                ip route add unreachable 10.23.0.0/16 table 50
                ip nexthop add id 7 via 10.1.0.3 dev a; ip route add 10.24.0.0/16 table 50 nhid 7
                ip -6 route add fd20::/16 table 50 via fd01::2 dev a mtu 1300 pref high expires 5000
                ip -6 route add fd21::/16 table 50 nexthop via fd01::2 dev a nexthop via fd01::3 dev a
                ip -6 route add fd22::/16 table 50 from fd01::/64 dev b
                # The kernel reports that a way is down (far has no carrier), and takes no such word.
                ip route show table 50 | grep -c linkdown
                netlink-tool copy-routes
                show() { ip -d $1 route show table $2 | sed -E 's/ (linkdown|dead)//g; s/ expires [0-9]+sec//'; }
                for family in -4 -6; do [ "$(show $family 50)" = "$(show $family 2000)" ] && echo same; done
                """)
        let all = "[true, true, true, true, true]"
        #expect(
            run.lines == [
                "1", "5 \(all) [false, false, true, false, false]", "false",
                "3 [true, true, true] [false, false, true]", "false", "same", "same",
            ], "\(run)")
    }

    @Test(arguments: [
        ("", "none"), ("ip route add default via 10.1.0.2 metric 9", "[\"a\"] 9"),
        ("ip route add default via 10.1.0.2 metric 9; ip route add default dev b metric 3", "[\"b\"] 3"),
        ("ip -6 route add default via fd01::2", "[\"a\"] 1024"),
        ("ip route add default nexthop via 10.1.0.2 nexthop via 10.1.0.3", "[\"a\", \"a\"] 0"),
        ("ip route add default via 10.1.0.2 table 77", "none"),
        ("ip route add unreachable default", "none"),
    ])
    func theDefaultRouteIsTheOneOfTheLowestMetric(_ command: String, _ answer: String) throws {
        let run = try NamespaceRun(veth + command + "\nnetlink-tool default")
        #expect(run.output == answer + "\n")
    }

    @Test func neighboursArrive() throws {
        let run = try NamespaceRun(veth + "netlink-tool neighbours; ip neighbour show nud permanent")
        for line in [
            "10.1.0.9 02:00:00:00:00:09", "fd01::9 02:00:00:00:00:0a",
            "10.1.0.9 dev a lladdr 02:00:00:00:00:09 PERMANENT",
            "fd01::9 dev a lladdr 02:00:00:00:00:0a PERMANENT",
        ] { #expect(run.lines.contains { $0.trimmingCharacters(in: .whitespaces) == line }, "\(run.output)") }
        #expect(run.lines.count == 4, "\(run.output)")
    }

    @Test func forwardingEntriesArrive() throws {
        let run = try NamespaceRun(
            """
            ip link add br0 type bridge; ip link add name p type veth peer name q; ip link set dev p master br0 up
            ip link add vx type vxlan id 5 dstport 4789 nolearning; ip link set vx up
            bridge fdb append 00:00:00:00:00:00 dev vx dst 192.0.2.8
            netlink-tool forwarding; bridge fdb show
            """)
        for line in [
            "02:00:00:00:00:11 - false true", "02:00:00:00:00:11 192.0.2.7 true true",
            "00:00:00:00:00:00 192.0.2.8 true true", "02:00:00:00:00:11 dev p master br0 permanent",
            "02:00:00:00:00:11 dev vx dst 192.0.2.7 self permanent",
            "00:00:00:00:00:00 dev vx dst 192.0.2.8 self permanent",
        ] {
            #expect(
                run.lines.contains { $0.trimmingCharacters(in: .whitespaces) == line },
                "\(line) in \(run.output)")
        }
        #expect(!run.output.contains("02:00:00:00:00:12"))
    }

    /// The other end of the link believed the addresses elsewhere.
    @Test func anAnnouncementMovesTheAddressForTheNeighbours() throws {
        let run = try NamespaceRun(
            veth + """
                namespace n; ip link set dev b netns n; ip -n n link set dev b up; ip -n n address add 10.1.0.2/24 dev b
                ip -n n neighbour add 10.1.0.1 lladdr 02:00:00:00:00:77 dev b nud stale
                ip -n n neighbour add fd01::1 lladdr 02:00:00:00:00:77 dev b nud stale
                sleep 0.2
                netlink-tool announce a 10.1.0.1 fd01::1; sleep 0.2
                ip -n n neighbour show; ip -o link show dev a
                """)
        let mac = try #require(
            run.lines.last?.split(separator: " ").drop { $0 != "link/ether" }.dropFirst().first)
        for address in ["10.1.0.1", "fd01::1"] {
            #expect(run.output.contains("\(address) dev b lladdr \(mac)"), "\(run.output)")
        }
    }

    @Test func aFrameIsSentOnlyWhileTheLinkIsUp() throws {
        let run = try NamespaceRun(
            "ip link add name a type veth peer name b; netlink-tool announce a 10.1.0.1 || :")
        #expect(run.output.hasPrefix("error: sendto AF_PACKET 3: Network is down"), "\(run.output)")
    }
}
