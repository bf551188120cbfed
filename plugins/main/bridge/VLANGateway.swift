import Addressing
import CNIPlugin
import CNISpec
import ContainerLink
import Kernel
import Netlink

/// The gateway's link in a VLAN: one end of a pair, `BRIDGE.VLAN`, whose other end is a port of the bridge in that VLAN.
///
/// The ends come up last: an end that is at rest tells that whoever made the pair did not come to his end.
struct VLANGateway {
    private let configuration: Configuration

    init(_ configuration: Configuration) { self.configuration = configuration }

    /// The link, made where it is missing; `nil` when the bridge itself is the gateway or there is none.
    func link(of bridge: Link, _ socket: borrowing RouteSocket) throws(CNIError) -> Link? {
        guard let vlan = configuration.vlans.native, let name = name(on: bridge.name) else { return nil }
        guard name.utf8.count <= 15 else {
            throw CNIError(
                .invalidConfiguration, "\"\(name)\" is too long for the gateway's link",
                details: "bridge and vlan together may have 14 bytes")
        }
        var link = try pair(name, of: bridge, vlan, socket)
        // Somebody else's, for example a link of the kind vlan, is as he set it up.
        guard let port = try port(of: link, bridge, socket) else { return link }
        if port.isUp, link.isUp, port.master == bridge.index { return link }
        try join(port, bridge, vlan, socket)
        // As the bridge itself: it is no router's client, and there is nobody yet who could have its address.
        try NetworkSetting("ipv6", name, "accept_ra").set("0")
        try NetworkSetting("ipv6", name, "accept_dad").set("0")
        try routing { () throws(NetlinkError) in
            try socket.perform([.setLink(.index(port.index), [.up]), .setLink(.index(link.index), [.up])])
            link = try socket.link(.index(link.index))
        }
        return link
    }

    /// The link's name; `nil` when the bridge itself is the gateway or there is none.
    func name(on bridge: String) -> String? {
        guard configuration.isGateway, let vlan = configuration.vlans.native else { return nil }
        return "\(bridge).\(vlan)"
    }

    private func pair(
        _ name: String, of bridge: Link, _ vlan: UInt16, _ socket: borrowing RouteSocket
    ) throws(CNIError) -> Link {
        try routing { () throws(NetlinkError) in
            if let present = try socket.linkIfPresent(.name(name)) { return present }
            do throws(NetlinkError) {
                try socket.perform(Self.making(name, vlan, bridge: bridge.index, mtu: bridge.mtu))
            } catch {
                // Somebody was faster: then it is his.
                if error.errno != .exists { throw error }
            }
            return try socket.link(.name(name))
        }
    }

    /// The other end of a pair that is ours: a port of the bridge, or of none when the bridge is a new one.
    private func port(
        of link: Link, _ bridge: Link, _ socket: borrowing RouteSocket
    ) throws(CNIError) -> Link? {
        guard link.kind == "veth", link.peerNamespace == nil, let peer = link.peer else { return nil }
        let port = try routing { () throws(NetlinkError) in try socket.linkIfPresent(.index(peer)) }
        guard let port, port.master == nil || port.master == bridge.index else { return nil }
        return port
    }

    private func join(
        _ port: Link, _ bridge: Link, _ vlan: UInt16, _ socket: borrowing RouteSocket
    ) throws(CNIError) {
        try routing { () throws(NetlinkError) in
            if port.master == nil {
                try socket.perform(.setLink(.index(port.index), [.master(bridge.index)]))
            }
            let present = try socket.vlans(of: port.index)
            // Another ADD may be doing the same.
            try socket.perform(Self.leaving(present, but: vlan, port: port.index), ignoring: .noEntity)
            try socket.perform(.addVLANs(vlan...vlan, to: port.index, isUntagged: true, isNative: true))
        }
    }
}

// What the kernel is asked for, as values.
extension VLANGateway {
    /// Makes the pair, at rest. The kernel heeds a master only of the end which is named first.
    static func making(_ name: String, _ vlan: UInt16, bridge: Int32, mtu: UInt32) -> RouteRequest {
        .addVeth("v\(bridge).\(vlan)", [.mtu(mtu), .master(bridge)], peer: name, [.mtu(mtu)])
    }

    /// Takes a port out of the VLAN the kernel puts every new one into: 1, unless the bridge says otherwise.
    static func leaving(_ present: [PortVLAN], but vlan: UInt16, port: Int32) -> [RouteRequest] {
        present.filter { $0.number != vlan && $0.isUntagged }
            .map { .deleteVLANs($0.number...$0.number, from: port) }
    }
}
