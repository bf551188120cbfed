import Addressing
import CNIPlugin
import CNISpec
import Kernel
import Netlink

/// The container's end, inside its network namespace: every function here must be called there.
struct ContainerInterface {
    let name: String
    let index: Int32
    /// IPv6 addresses are looked for on the link before they are used.
    let detectsDuplicates: Bool

    /// Brings the interface up with its addresses and routes, in one send, and answers what it is then.
    func configure(
        _ result: CNIResult, _ socket: borrowing RouteSocket
    ) throws(CNIError) -> Link {
        try prepare(result)
        return try routing { () throws(NetlinkError) in
            try socket.perform(requests(result), thenFind: .index(index))
        }
    }

    private func prepare(_ result: CNIResult) throws(CNIError) {
        try NetworkSetting("ipv4", name, "arp_notify").ensure("1")
        guard result.addresses.contains(where: { $0.address.family == .v6 }) else { return }
        try NetworkSetting("ipv6", "lo", "disable_ipv6").ensure("0")
        try NetworkSetting("ipv6", name, "disable_ipv6").ensure("0")
        try NetworkSetting("ipv6", name, "keep_addr_on_down").ensure("1")
        // A neighbour's router advertisements are not to change the container's routes (CVE-2020-10749).
        try NetworkSetting("ipv6", name, "accept_ra").ensure("0")
        try NetworkSetting("ipv6", name, "accept_dad").ensure(detectsDuplicates ? "1" : "0")
        try NetworkSetting("ipv6", name, "enhanced_dad").ensure(detectsDuplicates ? "1" : "0")
    }

    private func requests(_ result: CNIResult) -> [RouteRequest] {
        var requests: [RouteRequest] = [.setLink(.index(index), [.up])]
        for address in result.addresses {
            let flags: InterfaceAddress.Flags =
                address.address.family == .v6 && !detectsDuplicates ? .noDuplicateDetection : []
            requests.append(.addAddress(InterfaceAddress(address.address, flags: flags), to: index))
        }
        for route in result.routes { requests.append(.appendRoute(kernelRoute(route, result.addresses))) }
        return requests
    }

    /// The route as the kernel takes it. One more way to a destination that has one is added to it.
    func kernelRoute(_ route: CNIResult.Route, _ addresses: [CNIResult.Address]) -> Route {
        // A route whose scope is the link goes nowhere else.
        let isNear = route.scope == UInt32(RouteScope.link.rawValue)
        let gateway = isNear ? route.gateway : GatewayPlan.gateway(for: route, among: addresses)
        var made = Route(route.destination, via: gateway, link: index)
        made.metric = route.priority
        made.mtu = route.mtu
        made.advertisedSegment = route.advertisedMSS
        if let table = route.table { made.table = table }
        if let scope = route.scope { made.scope = RouteScope(rawValue: UInt8(truncatingIfNeeded: scope)) }
        return made
    }

    /// Waits until no IPv6 address is being looked for any more.
    func waitForDetection(_ socket: borrowing RouteSocket) throws(CNIError) {
        let deadline = monotonicMilliseconds() + 5000
        while true {
            let addresses = try routing { () throws(NetlinkError) in try socket.addresses(of: index) }
            if let taken = addresses.first(where: { $0.flags.contains(.duplicate) }) {
                throw CNIError(
                    .unavailable, "another host on the link has the address \(taken.prefix.address)",
                    details: "enabledad is true, and duplicate address detection found it")
            }
            if !addresses.contains(where: { $0.flags.contains(.tentative) }) { return }
            guard monotonicMilliseconds() < deadline else {
                throw CNIError(.tryAgainLater, "duplicate address detection took more than 5 seconds")
            }
            pause(milliseconds: 20)
        }
    }

    /// Tells the neighbours where the addresses are now: somebody else may have had them a moment ago.
    func announce(_ result: CNIResult, _ link: Link) {
        guard let mac = link.mac else { return }
        for address in result.addresses {
            do throws(SystemError) {
                try Announcement(address.address.address, at: mac).send(link: index)
            } catch {
                // The addresses work without it, as soon as old entries have timed out.
                note("bridge: cannot announce \(address.address.address): \(error)")
            }
        }
    }
}
