import CNIPlugin
import CNISpec
import ContainerLink
import Netlink

/// CHECK: compares what ADD made with what is there now, and names the first difference.
struct Checking {
    private let request: BridgeRequest
    private let result: CNIResult
    private let link: LinkCheck
    private var configuration: Configuration { request.configuration }

    init(_ request: BridgeRequest) throws(CNIError) {
        self.request = request
        result = try request.requiredPreviousResult()
        link = LinkCheck(request, result)
    }

    func run() throws(CNIError) {
        try request.ipamDelegate()?.check()
        let container = try link.containerLink(isUp: !configuration.leavesInterfaceDown)
        let socket = try routing { () throws(NetlinkError) in try RouteSocket() }
        let bridge = try link.bridge(configuration.bridge, socket)
        if configuration.isPromiscuous, !bridge.flags.contains(.promiscuous) {
            throw link.drift("the bridge \(bridge.name) has lost promiscuous mode")
        }
        try checkPort(of: bridge, container, socket)
        if configuration.isGateway, configuration.vlans.native == nil { try link.gateways(bridge, socket) }
        try BridgeFirewall(request).check(result)
    }

    private func checkPort(
        of bridge: Link, _ container: Link, _ socket: borrowing RouteSocket
    ) throws(CNIError) {
        let host = try link.port(of: bridge, container, socket)
        if configuration.isHairpin, host.port?.isHairpin != true {
            throw link.drift("\(host.name) has lost hairpin mode")
        }
        if configuration.isPortIsolated, host.port?.isIsolated != true {
            throw link.drift("\(host.name) is not isolated any more")
        }
    }
}
