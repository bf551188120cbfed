import Addressing
import CNIPlugin
import CNISpec
import ContainerLink
import Netlink

/// The gateway's link in a VLAN: one end of a pair, `BRIDGE.VLAN`, whose other end is a port of the bridge in that VLAN.
struct VLANGateway {
    private let configuration: Configuration

    init(_ configuration: Configuration) { self.configuration = configuration }

    /// The link, made where it is missing; `nil` when the bridge itself is the gateway or there is none.
    func link(of bridge: Link, _ socket: borrowing RouteSocket) throws(CNIError) -> Link? {
        guard configuration.isGateway, let vlan = configuration.vlans.native else { return nil }
        let name = "\(bridge.name).\(vlan)"
        guard name.utf8.count <= 15 else {
            throw CNIError(
                .invalidConfiguration, "\"\(name)\" is too long for the gateway's link",
                details: "bridge and vlan together may have 14 bytes")
        }
        return try routing { () throws(NetlinkError) in
            if let present = try socket.linkIfPresent(.name(name)) { return present }
            let port = "v\(bridge.index).\(vlan)"
            try socket.perform([
                .addVeth(
                    name, [.mtu(bridge.mtu), .up], peer: port, [.mtu(bridge.mtu), .master(bridge.index)]),
                .setLink(.name(port), [.up]),
            ])
            let made = try socket.link(.name(port))
            try socket.perform([
                .deleteVLANs(1...1, from: made.index),
                .addVLANs(vlan...vlan, to: made.index, isUntagged: true, isNative: true),
            ])
            return try socket.link(.name(name))
        }
    }
}
