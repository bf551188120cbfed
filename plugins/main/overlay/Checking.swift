import Addressing
import CNIPlugin
import CNISpec
import ContainerLink
import Netlink
import OverlayControl

/// CHECK: compares what ADD made with what is there now, and names the first difference.
struct Checking {
    private let request: OverlayRequest
    private let result: CNIResult
    private let link: LinkCheck

    init(_ request: OverlayRequest) throws(CNIError) {
        self.request = request
        result = try request.requiredPreviousResult()
        link = LinkCheck(request, result)
    }

    func run() throws(CNIError) {
        let registration = Registration(request)
        let record = registration.record(try Wishes(request))
        let assignment = try registration.check(record)
        let container = try link.containerLink()
        try check(container, assignment)
        let socket = try routing { () throws(NetlinkError) in try RouteSocket() }
        let bridge = try link.bridge(assignment.bridge, socket)
        _ = try link.port(of: bridge, container, socket)
        try link.gateways(bridge, socket)
        guard bridge.mac == assignment.gatewayMAC else {
            throw link.drift("the bridge \(bridge.name) has not the gateway's MAC address any more")
        }
        try checkTunnel(assignment, bridge, socket)
        try OverlayFirewall(request).check(result)
        try registration.checkService(record, assignment)
    }

    private func check(_ container: Link, _ assignment: OverlayAssignment) throws(CNIError) {
        let addresses = result.addresses(of: request.interface).map(\.address)
        guard addresses.contains(assignment.address) else {
            throw link.drift(
                "the container's address is \(assignment.address), which prevResult does not know")
        }
        guard container.mac == assignment.mac else {
            throw link.drift("\(container.name) in the container has not the MAC address \(assignment.mac)")
        }
    }

    private func checkTunnel(
        _ assignment: OverlayAssignment, _ bridge: Link, _ socket: borrowing RouteSocket
    ) throws(CNIError) {
        guard let tunnel = try link.find(assignment.vxlan, socket), let settings = tunnel.vxlan else {
            throw link.drift("the VXLAN \(assignment.vxlan) to the other hosts has gone")
        }
        guard tunnel.isUp else { throw link.drift("the VXLAN \(tunnel.name) is down") }
        guard tunnel.master == bridge.index else {
            throw link.drift("\(tunnel.name) is no port of the bridge \(bridge.name) any more")
        }
        guard tunnel.mtu == assignment.mtu else {
            throw link.drift("the VXLAN \(tunnel.name) has the MTU \(tunnel.mtu), not \(assignment.mtu)")
        }
        let isRight =
            settings.id == assignment.vni && settings.local == assignment.vtep
            && settings.port == assignment.port && settings.isProxy && !settings.learns
        guard isRight, settings.remote == nil else {
            throw link.drift("the VXLAN \(tunnel.name) is not the network's: it is \(settings)")
        }
    }
}
