import Foundation
import NamespaceRun
import Testing

/// The devices of a node as ip(8) and bridge(8) see them.
@Suite(.enabled(if: NamespaceRun.isPossible)) struct DeviceTests {
    private static let ensure = "overlay-tool ensure ab12 4097 192.0.2.1 1450 10.0.1.1/24 fd00:1::1/64"

    /// What counts of a device, without what the kernel counts up.
    private static let facts = """
        index() { ip -o link show dev "$1" | cut -d: -f1; }
        facts() {
            ip -d -o link show dev "$1" | grep -o -E \
                'mtu [0-9]+|master [^ ]+|link/ether [^ ]+|id [0-9]+ .*nolearning proxy|alias.*|mcast_snooping [01]|<[A-Z,_]+>'
            ip -o address show dev "$1" scope global | grep -o 'inet.*/[0-9]*' || :
        }

        """

    @Test func theyAreMadeAsWished() throws {
        let run = try NamespaceRun(
            """
            \(Self.facts)\(Self.ensure); facts ov-ab12; echo; facts vx-ab12; bridge -d link show dev vx-ab12
            cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding
            cat /proc/sys/net/ipv6/conf/ov-ab12/accept_ra /proc/sys/net/ipv6/conf/ov-ab12/accept_dad
            ip -o address show tentative; overlay-tool marked
            """)
        for line in [
            "mtu 1450", "link/ether 02:42:0a:00:01:01", "mcast_snooping 0", "inet 10.0.1.1/24",
            "inet6 fd00:1::1/64", "master ov-ab12", "ov-ab12 bridge 'ab12'", "vx-ab12 vxlan 'ab12'",
        ] { #expect(run.lines.contains(line), "\(line) in \(run.output)") }
        #expect(run.output.contains("id 4097 local 192.0.2.1 srcport 0 0 dstport 4789 nolearning proxy"))
        #expect(run.output.contains("learning off flood off") && run.output.contains("bcast_flood on"))
        #expect(run.output.contains("1\n1\n0\n0\n") && !run.output.contains("tentative"), "\(run.output)")
        #expect(run.lines.filter { $0 == "<BROADCAST,MULTICAST,UP,LOWER_UP>" }.count == 2, "\(run.output)")
    }

    /// Made again, they are the same links; whatever somebody changed is as it was.
    @Test(arguments: [
        "true", "ip link set dev ov-ab12 mtu 1300 down", "ip link set dev vx-ab12 mtu 1300 down",
        "ip link set dev ov-ab12 address 02:00:00:00:00:01", "ip link set dev vx-ab12 nomaster",
        "ip address delete 10.0.1.1/24 dev ov-ab12", "ip address delete fd00:1::1/64 dev ov-ab12",
        "ip address add 10.0.1.9/24 dev ov-ab12; ip address add 10.7.0.1/16 dev ov-ab12",
        "bridge link set dev vx-ab12 learning on flood on", "bridge link set dev vx-ab12 bcast_flood off",
        "ip link set dev ov-ab12 type bridge mcast_snooping 1",
        "echo 1 > /proc/sys/net/ipv6/conf/ov-ab12/accept_ra; echo 0 > /proc/sys/net/ipv4/ip_forward",
    ])
    func theyAreMended(_ change: String) throws {
        let run = try NamespaceRun(
            """
            look() { facts ov-ab12; facts vx-ab12; bridge -d link show dev vx-ab12 | grep -o 'learning.*flood o[nf]*'
                cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/ov-ab12/accept_ra
                index ov-ab12; index vx-ab12; }
            \(Self.facts)\(Self.ensure); look > /run/before; \(change)
            \(Self.ensure); look > /run/after; diff /run/before /run/after; wc -l < /run/after
            """)
        #expect(run.code == 0 && Int(run.output.dropLast()) ?? 0 > 15, "\(run.output)")
    }

    @Test(arguments: ["4098 192.0.2.1", "4097 192.0.2.9"])
    func anotherNumberOrAddressMakesTheTunnelAnew(_ other: String) throws {
        let run = try NamespaceRun(
            """
            \(Self.facts)\(Self.ensure); index vx-ab12; index ov-ab12
            overlay-tool ensure ab12 \(other) 1450 10.0.1.1/24 fd00:1::1/64
            index vx-ab12; index ov-ab12
            ip -d link show vx-ab12 | grep -o 'id .* srcport'; ip link show master ov-ab12 | grep -c vx-ab12
            """)
        let words = other.split(separator: " ")
        #expect(run.lines.count == 6 && run.lines[0] != run.lines[2], "\(run.output)")
        #expect(run.lines[1] == run.lines[3] && run.lines[5] == "1", "\(run.output)")
        #expect(run.lines[4] == "id \(words[0]) local \(words[1]) srcport", "\(run.output)")
    }

    @Test(arguments: [
        ("ip link add ov-ab12 type bridge", "a bridge of this name belongs to somebody else"),
        ("ip link add ov-ab12 type veth peer name q", "a veth of this name belongs to somebody else"),
        (
            "ip link add vx-ab12 type vxlan id 4097 dstport 4789",
            "a vxlan of this name belongs to somebody else"
        ),
        (
            "ip link add ov-ab12 type bridge; ip link set ov-ab12 alias 'apus overlay ff99'",
            "a bridge of this name belongs to the network ff99"
        ),
        (
            "ip link add mine type vxlan id 4097 dstport 4789",
            "the link mine has the number 4097 on UDP port 4789"
        ),
    ])
    func whatSomebodyElseHasIsNotTouched(_ before: String, _ words: String) throws {
        let run = try NamespaceRun(
            """
            \(before); ip -o link > /run/before; \(Self.ensure) || :; overlay-tool remove ab12
            ip -o link > /run/after; diff /run/before /run/after
            """)
        #expect(run.code == 0 && run.output.contains(words) && run.lines.count == 1, "\(run.output)")
    }

    /// Ended between the birth of a link and its mark.
    @Test func whatWasBegunIsGoneOnWith() throws {
        let run = try NamespaceRun(
            """
            ip link add ov-ab12 group 1870031993 type bridge; overlay-tool marked; \(Self.ensure); overlay-tool marked
            ip link show ov-ab12 | grep -o 'group [^ ]*'; overlay-tool remove ab12
            ip link add ov-ab12 group 1870031993 type bridge; overlay-tool remove ab12; overlay-tool marked
            """)
        #expect(
            run.output
                == "ov-ab12 bridge ''\nov-ab12 bridge 'ab12'\nvx-ab12 vxlan 'ab12'\ngroup default\n",
            "\(run.output)")
    }

    @Test func removingTwiceIsNoFailure() throws {
        let run = try NamespaceRun(
            "\(Self.ensure); overlay-tool remove ab12; overlay-tool remove ab12; overlay-tool marked")
        #expect(run.output == "" && run.code == 0, "\(run.output)")
    }
}
