internal import Addressing
internal import Kernel
package import Netlink

/// Makes and keeps the devices of overlay networks on this node, in the network namespace of the calling thread.
///
/// Nothing is flooded: the VXLAN knows each container of other nodes by name, answers questions for their addresses out
/// of its own table, and drops what it does not know. So a broadcast never leaves the node. All calls block, for
/// milliseconds where the tables are not large.
package struct NodeDevices {
    /// Makes what is missing of a network's devices, and mends what is not as wished.
    ///
    /// A VXLAN with another number, port or address is made anew: its tables are empty then, until
    /// ``reconcile(_:vxlan:)``.
    /// - Throws: ``NetlinkError``; `EEXIST` when somebody else has a device of the name, or the number.
    package static func ensure(_ wish: DeviceWish) throws(NetlinkError) {
        let socket = try RouteSocket()
        let bridge = try NodeBridge(wish).ensure(socket)
        try NodeTunnel(wish).ensure(portOf: bridge.index, socket)
        try NetworkParameter("ipv4/ip_forward").ensure("1")
        if wish.hasIPv6 { try NetworkParameter("ipv6/conf/all/forwarding").ensure("1") }
    }

    /// Takes a network's devices away, as far as they are there and the network's own.
    package static func remove(bridge: String, vxlan: String, network: String) throws(NetlinkError) {
        let socket = try RouteSocket()
        // The way out first: nobody is to send what nobody answers.
        for name in [vxlan, bridge] {
            guard let link = try socket.linkIfPresent(.name(name)), DeviceMark.isOwned(link, by: network)
            else { continue }
            try socket.perform([.deleteLink(.index(link.index))], ignoring: .noDevice)
        }
    }

    /// All devices of this node which were made for overlay networks.
    package static func marked() throws(NetlinkError) -> [MarkedDevice] {
        try RouteSocket().links().compactMap(DeviceMark.read)
    }

    /// Those of networks whose bridge has no container.
    package static func idle() throws(NetlinkError) -> [MarkedDevice] {
        let links = try RouteSocket().links()
        let busy = Set(links.filter { $0.kind != "vxlan" }.compactMap(\.master))
        let used = links.filter { busy.contains($0.index) }.compactMap { DeviceMark.read($0)?.network }
        return links.filter { !busy.contains($0.index) }.compactMap(DeviceMark.read)
            .filter { $0.network.isEmpty || !used.contains($0.network) }
    }
}

extension DeviceWish {
    /// Whether the containers have IPv6 addresses, too.
    var hasIPv6: Bool { gateways.contains { $0.family == .v6 } }

    /// The link called `name`; nil when there is none.
    ///
    /// - Throws: ``NetlinkError`` with `EEXIST` when it is not the network's own.
    func ownLink(
        _ name: String, kind: String, _ socket: borrowing RouteSocket
    ) throws(NetlinkError) -> Link? {
        guard let link = try socket.linkIfPresent(.name(name)) else { return nil }
        guard link.kind == kind, DeviceMark.isOwned(link, by: network) else {
            let other = DeviceMark.read(link).map { "the network \($0.network)" } ?? "somebody else"
            throw NetlinkError(
                request: "link show \(name)", errno: .exists,
                text: "a \(link.kind.isEmpty ? "device" : link.kind) of this name belongs to \(other): "
                    + "rename or delete it")
        }
        return link
    }

    /// The settings the link has not got; it is brought up last, by ``LinkSetting/up``.
    func missing(of link: Link) -> [LinkSetting] {
        var settings: [LinkSetting] = []
        if link.mtu != mtu { settings.append(.mtu(mtu)) }
        if DeviceMark.read(link)?.network != network { settings += DeviceMark.settings(of: network) }
        return settings
    }
}

/// A setting below `/proc/sys/net` of the network namespace of the calling thread. ip-sysctl.
struct NetworkParameter {
    let name: String

    init(_ name: String) { self.name = name }

    /// Sets the value unless it is that already. A kernel without the setting (IPv6 switched off) is left as it is.
    func ensure(_ value: String) throws(NetlinkError) {
        let path = "/proc/sys/net/\(name)"
        do throws(SystemError) {
            if try readText(path) != value { try writeFile(path, value) }
        } catch {
            guard error.errno != .noEntity else { return }
            throw NetlinkError(request: "set \(name) to \(value)", errno: error.errno)
        }
    }
}
