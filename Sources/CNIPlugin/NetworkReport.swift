internal import Addressing
public import CNISpec
internal import Kernel
internal import Netlink

extension CNIResult {
    /// What there is in the network namespace the process is in: links which are up, their addresses, and the
    /// default routes. Loopback comes last; addresses which mean something on one link only are left out.
    ///
    /// `sandbox`: the path of the namespace, or empty for the host's.
    public init(describingNetwork sandbox: String) throws(CNIError) {
        let (links, addresses, routes) = try netlink { socket throws(NetlinkError) in
            let routes = try socket.routes(.v4) + socket.routes(.v6)
            return (try socket.links(), try socket.linkAddresses(), routes.filter(isDefault))
        }
        let known = links.filter(\.isUp).sorted { left, right in
            let (isLast, isFirst) = (left.flags.contains(.loopback), right.flags.contains(.loopback))
            return isLast == isFirst ? left.index < right.index : isFirst
        }
        self.init(
            interfaces: known.map { link in
                Interface(
                    name: link.name, mac: link.mac.map { "\($0)" } ?? "", sandbox: sandbox, mtu: link.mtu)
            })
        for (position, link) in known.enumerated() {
            for entry in addresses where entry.link == link.index {
                let prefix = entry.address.prefix
                if prefix.address.isLinkLocal { continue }
                let way = routes.first { $0.link == link.index && $0.destination.family == prefix.family }
                self.addresses.append(Address(prefix, interface: position, gateway: way?.gateway))
            }
        }
        self.routes = routes.map { Route($0.destination, gateway: $0.gateway) }
    }
}

private func isDefault(_ route: Netlink.Route) -> Bool {
    route.destination.length == 0 && route.kind == .unicast && route.gateway != nil
}
