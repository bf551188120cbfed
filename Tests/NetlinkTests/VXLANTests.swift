import Foundation
import NamespaceRun
import Testing

/// Tunnels made by our requests, as ip(8) and bridge(8) see them, and their tables.
@Suite(.enabled(if: NamespaceRun.isPossible)) struct VXLANTests {
    @Test(arguments: [("192.0.2.1", "local"), ("2001:db8::1", "local6")])
    func itIsBornWithItsSettings(_ local: String, _ key: String) throws {
        let run = try NamespaceRun("netlink-tool vxlan \(local); ip -j -d link show vx")
        #expect(
            run.lines.prefix(4) == [
                "true", "true vxlan 1400 6 \(local)", "false false true true",
                "link add name vy type vxlan id 4097 dstport 4790 local \(local) nolearning proxy: File exists"
                    + " (A VXLAN device with the specified VNI already exists)",
            ], "\(run.output)")
        let link = try #require(try run.objects().first)
        let information = try #require(link["linkinfo"] as? [String: Any])
        let data = try #require(information["info_data"] as? [String: Any])
        #expect(data["id"] as? Int == 4097 && data["port"] as? Int == 4790 && data[key] as? String == local)
        #expect(data["learning"] as? Bool == false && data["proxy"] as? Bool == true)
        #expect(data["l2miss"] == nil && data["l3miss"] == nil && data["group"] == nil)
        #expect(data["udp_csum"] as? Bool == true && data["udp_zero_csum6_tx"] as? Bool == false)
        let port = try #require(information["info_slave_data"] as? [String: Any])
        #expect(port["learning"] as? Bool == false && port["flood"] as? Bool == false)
        #expect(port["mcast_flood"] as? Bool == true && port["bcast_flood"] as? Bool == true)
    }

    @Test func everySettingIsReadBack() throws {
        let run = try NamespaceRun("netlink-tool vxlans; ip -d link show odd; ip -d link show external")
        #expect(
            run.lines[0] == "true" && run.lines[1].hasPrefix("true ") && run.lines[2].hasPrefix("true "),
            "\(run.output)")
        #expect(run.output.contains("id 7 remote 192.0.2.9"), "\(run.output)")
        for word in ["l2miss l3miss", "noudpcsum", "vxlan external"] {
            #expect(run.output.contains(word), "\(word) in \(run.output)")
        }
    }

    /// Somebody on another port sends with the address of another host's container.
    @Test func anAddressOfAnotherHostCannotBeTakenOver() throws {
        let run = try NamespaceRun(
            """
            ip link add br0 up type bridge; ip link add vx up master br0 type vxlan id 5 dstport 4789 nolearning
            namespace n; ip link add name p type veth peer name q netns n; ip link set dev p master br0 up
            ip -n n link set dev q address 02:42:0a:00:00:02 up; netlink-tool sticky
            ip -n n address add 10.9.0.1/24 dev q; inside n ping -c 1 -W 1 10.9.0.2 || :
            bridge fdb show br0 | grep 02:42:0a:00:00:02
            """)
        #expect(run.lines.contains("true"), "\(run.output)")
        #expect(
            run.lines.last?.hasPrefix("02:42:0a:00:00:02 dev vx sticky master br0 static") == true,
            "\(run.output)")
    }

    /// More than the kernel keeps of neighbours it found itself (`gc_thresh3`), and than a socket's buffer holds.
    @Test func thousandsOfEntriesGoInOneCall() throws {
        let run = try NamespaceRun(
            """
            ip link add br0 up type bridge; ip link add vx up master br0 type vxlan id 5 dstport 4789 nolearning
            netlink-tool table 5000
            """)
        #expect(run.output == "5000 5000 5000\n0\n")
    }
}
