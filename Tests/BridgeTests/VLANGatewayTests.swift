import JSON
import Testing

@testable import Netlink
@testable import bridge

/// A kernel that filters VLANs is rare where tests run: what it is asked for is compared as text.
@Suite struct VLANGatewayTests {
    /// The kernel takes no notice of the peer's master: the gateway was a port of no bridge.
    @Test func thePortIsTheEndThatCanHaveAMaster() {
        #expect(
            "\(VLANGateway.making("br0.10", 10, bridge: 7, mtu: 1400))"
                == "link add name v7.10 mtu 1400 master 7 type veth peer name br0.10 mtu 1400")
    }

    @Test(
        arguments: [
            ([], []), ([(1, 6)], ["vlan delete dev 9 vid 1"]), ([(5, 6)], ["vlan delete dev 9 vid 5"]),
            ([(10, 6)], []), ([(1, 4), (10, 6)], ["vlan delete dev 9 vid 1"]), ([(3, 0), (10, 6)], []),
        ] as [([(UInt16, UInt8)], [String])])
    func thePortLeavesWhereTheKernelPutIt(_ present: [(UInt16, UInt8)], _ requests: [String]) {
        // C: struct bridge_vlan_info; 2 is PVID, 4 untagged.
        let vlans = present.map { PortVLAN([$0.1, 0, UInt8($0.0 & 255), UInt8($0.0 >> 8)]) }
        #expect(VLANGateway.leaving(vlans, but: 10, port: 9).map { "\($0)" } == requests)
    }

    @Test(arguments: [
        (#"{"isGateway": true, "vlan": 10}"#, "br0.10"), (#"{"vlan": 10}"#, nil),
        (#"{"isGateway": true}"#, nil),
    ])
    func onlyAGatewayInAVLANHasALink(_ members: String, _ name: String?) throws {
        let value = try JSONValue(parsing: Array(members.utf8), as: .forgiving)
        #expect(VLANGateway(try Configuration(JSONReader(value, as: .forgiving))).name(on: "br0") == name)
    }
}
