internal import Kernel
internal import Netlink

/// The VXLAN of a network on this node, a port of its bridge.
struct NodeTunnel {
    private let wish: DeviceWish

    init(_ wish: DeviceWish) { self.wish = wish }

    private var settings: VXLAN {
        var tunnel = VXLAN(id: wish.vni, local: wish.vtep, port: wish.port)
        tunnel.isProxy = true
        return tunnel
    }

    /// Makes or mends it; with other settings it is made anew, which the kernel does not change.
    func ensure(portOf bridge: Int32, _ socket: borrowing RouteSocket) throws(NetlinkError) {
        var present = try wish.ownLink(wish.vxlan, kind: "vxlan", socket)
        if let link = present, link.vxlan != settings {
            try socket.perform([.deleteLink(.index(link.index))], ignoring: .noDevice)
            present = nil
        }
        let link: Link
        if let present { link = present } else { link = try make(socket) }
        // It has no business of its own on the link, so it needs no address of its own.
        try NetworkParameter("ipv6/conf/\(wish.vxlan)/addr_gen_mode").ensure("1")
        try mend(link, bridge, socket)
    }

    private func make(_ socket: borrowing RouteSocket) throws(NetlinkError) -> Link {
        do throws(NetlinkError) {
            try socket.perform(.addVXLAN(wish.vxlan, settings, [.mtu(wish.mtu), DeviceMark.atBirth]))
        } catch {
            guard error.errno == .exists, let owner = try numberOwner(socket) else { throw error }
            throw NetlinkError(
                request: error.request, errno: .exists,
                text:
                    "the link \(owner) has the number \(wish.vni) on UDP port \(wish.port): delete it, or give "
                    + "the network another vni")
        }
        return try socket.link(.name(wish.vxlan))
    }

    /// The name of the link whose number and port are the wished ones.
    private func numberOwner(_ socket: borrowing RouteSocket) throws(NetlinkError) -> String? {
        try socket.links().first { $0.vxlan?.id == wish.vni && $0.vxlan?.port == wish.port }?.name
    }

    /// It is up only as a port which does not learn: what comes over the tunnel must not move addresses.
    private func mend(
        _ link: Link, _ bridge: Int32, _ socket: borrowing RouteSocket
    ) throws(NetlinkError) {
        var requests: [RouteRequest] = []
        var settings = wish.missing(of: link)
        if link.master != bridge { settings.append(.master(bridge)) }
        if !settings.isEmpty { requests.append(.setLink(.index(link.index), settings)) }
        if link.master != bridge || link.port.map(isRight) != true {
            requests.append(.setPort(.index(link.index), port))
        }
        if !link.isUp { requests.append(.setLink(.index(link.index), [.up])) }
        try socket.perform(requests)
    }

    /// Questions for addresses are broadcast and multicast, and the link answers them; to unknown addresses it has
    /// nothing to send.
    private var port: [RouteRequest.PortSetting] {
        [.learning(false), .floodsUnicast(false), .floodsMulticast(true), .floodsBroadcast(true)]
    }

    private func isRight(_ port: Link.BridgePort) -> Bool {
        !port.learns && !port.floodsUnicast && port.floodsMulticast && port.floodsBroadcast
    }
}
