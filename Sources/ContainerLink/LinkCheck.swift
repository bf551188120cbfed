internal import Addressing
package import CNIPlugin
package import CNISpec
internal import Kernel
package import Netlink

/// Compares a container's link with what ADD made, and names the first difference. CNI 1.1.0, "CHECK".
package struct LinkCheck: Sendable {
    private let interface: String
    private let namespace: String
    private let details: String
    private let result: CNIResult

    /// `result`: what ADD answered.
    package init<Configuration>(_ request: Request<Configuration>, _ result: CNIResult) {
        interface = request.interface
        namespace = request.networkNamespace
        details = "network \(request.network), container \(request.containerID)"
        self.result = result
    }

    /// The container's end; `isUp`: with its addresses and routes.
    package func containerLink(isUp: Bool = true) throws(CNIError) -> Link {
        try inNetworkNamespace(namespace) { () throws(CNIError) in
            let socket = try routing { () throws(NetlinkError) in try RouteSocket() }
            guard let link = try find(interface, socket), link.kind == "veth" else {
                throw drift("the container has no interface \(interface) of kind veth")
            }
            try check(link)
            if isUp {
                guard link.isUp else { throw drift("\(link.name) in the container is down") }
                try checkAddresses(of: link, socket)
                try checkRoutes(of: link, socket)
            }
            return link
        }
    }

    private func check(_ link: Link) throws(CNIError) {
        let known = result.interfaces.first { $0.name == interface && !$0.sandbox.isEmpty }
        guard let known else { throw drift("prevResult has no interface \(interface) of the container") }
        let mac = link.mac?.description ?? ""
        if !known.mac.isEmpty, known.mac.lowercased() != mac {
            throw drift("\(link.name) in the container has the MAC address \(mac), not \(known.mac)")
        }
        if let mtu = known.mtu, mtu != link.mtu {
            throw drift("\(link.name) in the container has the MTU \(link.mtu), not \(mtu)")
        }
    }

    private func checkAddresses(of link: Link, _ socket: borrowing RouteSocket) throws(CNIError) {
        let present = try routing { () throws(NetlinkError) in try socket.addresses(of: link.index) }
        for address in result.addresses(of: interface)
        where !present.contains(where: { $0.prefix == address.address }) {
            throw drift("\(link.name) in the container has lost the address \(address.address)")
        }
    }

    private func checkRoutes(of link: Link, _ socket: borrowing RouteSocket) throws(CNIError) {
        let addresses = result.addresses(of: interface)
        for wanted in result.routes {
            let route = Route(wanted, addresses, link: link.index)
            let present = try routing { () throws(NetlinkError) in
                try socket.routes(route.destination.family, table: route.table)
            }
            let isThere = present.contains {
                $0.destination == route.destination.network && $0.links.contains(link.index)
                    && (route.gateway == nil || $0.gateway == route.gateway
                        || $0.nextHops.contains { $0.gateway == route.gateway })
            }
            guard isThere else { throw drift("the container has lost the route \(wanted.destination)") }
        }
    }

    /// The bridge called `name`.
    package func bridge(_ name: String, _ socket: borrowing RouteSocket) throws(CNIError) -> Link {
        guard let bridge = try find(name, socket) else { throw drift("the bridge \(name) has gone") }
        guard bridge.kind == "bridge" else { throw drift("\(bridge.name) is no bridge any more") }
        guard bridge.isUp else { throw drift("the bridge \(bridge.name) is down") }
        return bridge
    }

    /// The host's end of the container's link, a port of the bridge.
    package func port(
        of bridge: Link, _ container: Link, _ socket: borrowing RouteSocket
    ) throws(CNIError) -> Link {
        guard let index = container.peer,
            let host = try routing({ () throws(NetlinkError) in try socket.linkIfPresent(.index(index)) }),
            host.kind == "veth"
        else { throw drift("the host's end of \(container.name) has gone") }
        if !result.interfaces.contains(where: { $0.name == host.name && $0.sandbox.isEmpty }) {
            throw drift("\(container.name) leads to \(host.name), which prevResult does not know")
        }
        guard host.isUp else { throw drift("\(host.name) is down") }
        guard host.master == bridge.index else {
            throw drift("\(host.name) is no port of the bridge \(bridge.name) any more")
        }
        return host
    }

    /// The gateways of the result are addresses of the bridge.
    package func gateways(_ bridge: Link, _ socket: borrowing RouteSocket) throws(CNIError) {
        let present = try routing { () throws(NetlinkError) in try socket.addresses(of: bridge.index) }
        for address in result.addresses(of: interface) {
            guard let gateway = address.gateway else { continue }
            guard present.contains(where: { $0.prefix.address == gateway }) else {
                throw drift("the bridge \(bridge.name) has lost the gateway's address \(gateway)")
            }
        }
    }

    /// The link of that name; nil when there is none.
    package func find(_ name: String, _ socket: borrowing RouteSocket) throws(CNIError) -> Link? {
        try routing { () throws(NetlinkError) in try socket.linkIfPresent(.name(name)) }
    }

    /// What is not as ADD left it.
    package func drift(_ text: String) -> CNIError {
        CNIError(.pluginSpecific, text, details: details)
    }
}
