package import Addressing
internal import CNIPlugin
package import CNISpec
internal import Kernel
package import Netlink

/// The two ends of a container's link: one on the host, a port of the bridge, the other born in the container.
package struct VethPair: Sendable {
    /// The host's end.
    package let host: Link
    /// The container's end, by its index there.
    package let containerIndex: Int32

    /// What the names of all hosts' ends begin with.
    package static let prefix = "veth"

    /// What a new pair is to be.
    package struct Wish: Sendable {
        let bridge: Link
        let mtu: UInt32
        /// The container's name for its end.
        let interface: String
        /// `nil` for one the kernel makes up.
        let mac: MACAddress?
        let owner: LinkOwner
        let ports: [RouteRequest.PortSetting]

        package init(
            bridge: Link, mtu: UInt32, interface: String, mac: MACAddress?, owner: LinkOwner,
            ports: [RouteRequest.PortSetting] = []
        ) {
            self.bridge = bridge
            self.mtu = mtu
            self.interface = interface
            self.mac = mac
            self.owner = owner
            self.ports = ports
        }
    }

    /// Makes a pair, all in one send.
    package static func make(
        _ wish: Wish, in namespacePath: String, _ socket: borrowing RouteSocket
    ) throws(CNIError) -> VethPair {
        let namespace = try openNetworkNamespace(namespacePath)
        for _ in 0..<8 {
            let name = prefix + hexadecimal(UInt32.random(in: 0...0xFFF_FFFF))
            do throws(NetlinkError) {
                let host = try socket.perform(
                    requests(wish, name, namespace.file.rawValue), thenFind: .name(name))
                guard let peer = host.peer else {
                    throw NetlinkError(request: "link show \(name)", errno: .noDevice, text: "it has no peer")
                }
                return VethPair(host: host, containerIndex: peer)
            } catch {
                // The first request failed or a later one did: either way the name is free or no longer ours.
                let isTaken = error.errno == .exists && error.request.hasPrefix("link add")
                guard isTaken else {
                    try? socket.perform(.deleteLink(.name(name)))  // the first error is the one to tell
                    throw CNIError(.ioFailure, "\(error)")
                }
                if try routing({ () throws(NetlinkError) in try socket.linkIfPresent(.name(name)) }) == nil {
                    throw CNIError(
                        .invalidEnvironment,
                        "container veth name (\"\(wish.interface)\") peer provided (\"\(name)\") already exists",
                        details: "CNI_IFNAME is \"\(wish.interface)\", which \(namespacePath) has already")
                }
            }
        }
        throw CNIError(.tryAgainLater, "no free name for a link on the host after 8 tries")
    }

    private static func requests(_ wish: Wish, _ name: String, _ namespace: Int32) -> [RouteRequest] {
        var peer: [LinkSetting] = [.mtu(wish.mtu)]
        if let mac = wish.mac { peer.append(.mac(mac)) }
        var requests: [RouteRequest] = [
            .addVeth(
                name, [.mtu(wish.mtu), .master(wish.bridge.index), .up], peer: wish.interface, peer,
                namespace: namespace),
            .setLink(.name(name), [.alias(wish.owner.alias)]),
        ]
        if !wish.ports.isEmpty { requests.append(.setPort(.name(name), wish.ports)) }
        return requests
    }

    /// Waits until the bridge takes packets from the port, which it does a moment after both ends are up.
    package func waitForPort(_ socket: borrowing RouteSocket) throws(CNIError) {
        let deadline = monotonicMilliseconds() + 2000
        while true {
            let port = try routing { () throws(NetlinkError) in try socket.link(.index(host.index)) }
            // A bridge with a spanning tree listens first, for half a minute: that is its owner's choice.
            if port.port?.state == .forwarding || (port.state == .up && port.port?.state != .disabled) {
                return
            }
            guard monotonicMilliseconds() < deadline else {
                throw CNIError(
                    .tryAgainLater, "bridge port in error state: \(port.name) is not up",
                    details: "the bridge's port got no carrier within 2 seconds")
            }
            pause(milliseconds: 1)
        }
    }

    /// Seven digits, as behind the names of Docker's links.
    private static func hexadecimal(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 7 - digits.utf8.count) + digits
    }
}
