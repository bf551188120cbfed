internal import Addressing
internal import Kernel
internal import Netlink

/// The bridge of a network on this node: its containers' links are ports of it, and it is their gateway.
struct NodeBridge {
    private let wish: DeviceWish

    init(_ wish: DeviceWish) { self.wish = wish }

    /// Makes or mends it, and tells what it is.
    func ensure(_ socket: borrowing RouteSocket) throws(NetlinkError) -> Link {
        let present = try wish.ownLink(wish.bridge, kind: "bridge", socket)
        let bridge: Link
        if let present { bridge = present } else { bridge = try make(socket) }
        try setParameters()
        var requests: [RouteRequest] = []
        if bridge.bridge?.snoopsMulticast != false {
            requests.append(.setMulticastSnooping(false, of: .index(bridge.index)))
        }
        var settings = wish.missing(of: bridge)
        if bridge.mac != wish.gatewayMAC { settings.append(.mac(wish.gatewayMAC)) }
        if !bridge.isUp { settings.append(.up) }
        if !settings.isEmpty { requests.append(.setLink(.index(bridge.index), settings)) }
        try socket.perform(requests)
        try ensureAddresses(bridge.index, socket)
        return bridge
    }

    private func make(_ socket: borrowing RouteSocket) throws(NetlinkError) -> Link {
        // Questions for IPv6 neighbours are multicast, and each must reach the VXLAN, which answers it.
        try socket.perform(
            .addBridge(
                wish.bridge, [.mac(wish.gatewayMAC), .mtu(wish.mtu), DeviceMark.atBirth],
                snoopsMulticast: false))
        return try socket.link(.name(wish.bridge))
    }

    private func setParameters() throws(NetlinkError) {
        let place = "ipv6/conf/\(wish.bridge)"
        // Router advertisements from a container are not to change the host's routes (CVE-2020-10749).
        try NetworkParameter("\(place)/accept_ra").ensure("0")
        // The same address on each node is no duplicate.
        try NetworkParameter("\(place)/accept_dad").ensure("0")
        if wish.hasIPv6 { try NetworkParameter("\(place)/disable_ipv6").ensure("0") }
    }

    /// The gateways' addresses, and no others.
    private func ensureAddresses(_ bridge: Int32, _ socket: borrowing RouteSocket) throws(NetlinkError) {
        let strangers = try socket.addresses(of: bridge).map(\.prefix).filter {
            !wish.gateways.contains($0) && !$0.address.isLinkLocal
        }
        try socket.perform(
            strangers.map { .deleteAddress($0, from: bridge) }, ignoring: .addressNotAvailable)
        // Asked again: the kernel deletes the others of an IPv4 network together with its first.
        let present = try socket.addresses(of: bridge).map(\.prefix)
        let missing = wish.gateways.filter { !present.contains($0) }
        try socket.perform(
            missing.map { prefix in
                let flags: InterfaceAddress.Flags = prefix.family == .v6 ? .noDuplicateDetection : []
                return .addAddress(InterfaceAddress(prefix, flags: flags), to: bridge)
            })
    }
}
