import Addressing
import CNIPlugin
import CNISpec
import JSON
import Kernel
import Netlink

/// CHECK: compares what ADD made with what is there now, and names the first difference.
struct Checking {
    private let request: BridgeRequest
    private let result: CNIResult
    private var configuration: Configuration { request.configuration }

    init(_ request: BridgeRequest) throws(CNIError) {
        self.request = request
        result = try request.requiredPreviousResult()
    }

    func run() throws(CNIError) {
        try request.ipamDelegate()?.check()
        let container = try containerLink()
        let socket = try routing { () throws(NetlinkError) in try RouteSocket() }
        let bridge = try bridgeLink(socket)
        try checkPort(of: bridge, container, socket)
        try checkGateway(bridge, socket)
        try BridgeFirewall(request).check(result)
    }

    /// The container's end with its addresses and routes.
    private func containerLink() throws(CNIError) -> Link {
        try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            let socket = try routing { () throws(NetlinkError) in try RouteSocket() }
            guard let link = try find(request.interface, socket), link.kind == "veth" else {
                throw drift("the container has no interface \(request.interface) of kind veth")
            }
            try check(link)
            if !configuration.leavesInterfaceDown {
                guard link.isUp else { throw drift("\(link.name) in the container is down") }
                try checkAddresses(of: link, socket)
                try checkRoutes(of: link, socket)
            }
            return link
        }
    }

    private func check(_ link: Link) throws(CNIError) {
        let known = result.interfaces.first { $0.name == request.interface && !$0.sandbox.isEmpty }
        guard let known else {
            throw drift("prevResult has no interface \(request.interface) of the container")
        }
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
        for address in result.addresses(of: request.interface)
        where !present.contains(where: { $0.prefix == address.address }) {
            throw drift("\(link.name) in the container has lost the address \(address.address)")
        }
    }

    private func checkRoutes(of link: Link, _ socket: borrowing RouteSocket) throws(CNIError) {
        let addresses = result.addresses(of: request.interface)
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

    private func bridgeLink(_ socket: borrowing RouteSocket) throws(CNIError) -> Link {
        guard let bridge = try find(configuration.bridge, socket) else {
            throw drift("the bridge \(configuration.bridge) has gone")
        }
        guard bridge.kind == "bridge" else { throw drift("\(bridge.name) is no bridge any more") }
        guard bridge.isUp else { throw drift("the bridge \(bridge.name) is down") }
        if configuration.isPromiscuous != bridge.flags.contains(.promiscuous), configuration.isPromiscuous {
            throw drift("the bridge \(bridge.name) has lost promiscuous mode")
        }
        return bridge
    }

    private func checkPort(
        of bridge: Link, _ container: Link, _ socket: borrowing RouteSocket
    ) throws(CNIError) {
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
        if configuration.isHairpin, host.port?.isHairpin != true {
            throw drift("\(host.name) has lost hairpin mode")
        }
        if configuration.isPortIsolated, host.port?.isIsolated != true {
            throw drift("\(host.name) is not isolated any more")
        }
    }

    private func checkGateway(_ bridge: Link, _ socket: borrowing RouteSocket) throws(CNIError) {
        guard configuration.isGateway, configuration.vlans.native == nil else { return }
        let present = try routing { () throws(NetlinkError) in try socket.addresses(of: bridge.index) }
        for address in result.addresses(of: request.interface) {
            guard let gateway = address.gateway else { continue }
            guard present.contains(where: { $0.prefix.address == gateway }) else {
                throw drift("the bridge \(bridge.name) has lost the gateway's address \(gateway)")
            }
        }
    }

    private func find(_ name: String, _ socket: borrowing RouteSocket) throws(CNIError) -> Link? {
        try routing { () throws(NetlinkError) in try socket.linkIfPresent(.name(name)) }
    }

    private func drift(_ text: String) -> CNIError {
        CNIError(
            .init(rawValue: 100), text,
            details: "network \(request.network), container \(request.containerID)")
    }
}
