package import Addressing
internal import CNIPlugin
package import CNISpec
internal import Kernel
package import Netlink

/// The container's end. It is made inside the network namespace, and can be asked from outside afterwards.
package struct ContainerInterface: ~Copyable {
    package let name: String
    package let index: Int32
    /// IPv6 addresses are looked for on the link before they are used.
    package let detectsDuplicates: Bool
    private let socket: RouteSocket

    /// Called inside the namespace, which the interface's socket belongs to from then on.
    package init(name: String, index: Int32, detectsDuplicates: Bool) throws(CNIError) {
        self.name = name
        self.index = index
        self.detectsDuplicates = detectsDuplicates
        socket = try routing { () throws(NetlinkError) in try RouteSocket() }
    }

    /// Sets what the kernel is to do for the interface. Called inside the namespace.
    package borrowing func prepare(_ result: CNIResult) throws(CNIError) {
        try NetworkSetting("ipv4", name, "arp_notify").set("1")
        guard result.addresses.contains(where: { $0.address.family == .v6 }) else { return }
        try NetworkSetting("ipv6", "lo", "disable_ipv6").ensure("0")
        try NetworkSetting("ipv6", name, "disable_ipv6").ensure("0")
        try NetworkSetting("ipv6", name, "keep_addr_on_down").set("1")
        try NetworkSetting("ipv6", name, "ndisc_notify").set("1")
        // A neighbour's router advertisements are not to change the container's routes (CVE-2020-10749).
        try NetworkSetting("ipv6", name, "accept_ra").set("0")
        try NetworkSetting("ipv6", name, "accept_dad").set(detectsDuplicates ? "1" : "0")
        try NetworkSetting("ipv6", name, "enhanced_dad").set(detectsDuplicates ? "1" : "0")
    }

    /// What the interface is now.
    package borrowing func link() throws(CNIError) -> Link {
        try routing { () throws(NetlinkError) in try socket.link(.index(index)) }
    }

    /// Brings the interface up with its addresses and routes, in one send, and answers what it is then.
    ///
    /// `mac`: `nil` for the one it has.
    package borrowing func configure(_ result: CNIResult, _ mac: MACAddress?) throws(CNIError) -> Link {
        let requests = requests(result, mac)
        return try routing { () throws(NetlinkError) in
            try socket.perform(requests, thenFind: .index(index))
        }
    }

    /// Tells the neighbours where the addresses are now: somebody else may have had them a moment ago.
    ///
    /// By setting the MAC address it has: with `arp_notify` and `ndisc_notify` the kernel announces its addresses
    /// then. A packet socket of our own would cost ten milliseconds when it is closed.
    package borrowing func announce(_ link: Link) throws(CNIError) {
        guard let mac = link.mac else { return }
        try routing { () throws(NetlinkError) in try socket.perform(.setLink(.index(index), [.mac(mac)])) }
    }

    private borrowing func requests(_ result: CNIResult, _ mac: MACAddress?) -> [RouteRequest] {
        var requests: [RouteRequest] = [.setLink(.index(index), (mac.map { [.mac($0)] } ?? []) + [.up])]
        for address in result.addresses {
            let flags: InterfaceAddress.Flags =
                address.address.family == .v6 && !detectsDuplicates ? .noDuplicateDetection : []
            requests.append(.addAddress(InterfaceAddress(address.address, flags: flags), to: index))
        }
        for route in result.routes {
            requests.append(.appendRoute(Route(route, result.addresses, link: index)))
        }
        return requests
    }

    /// Waits until no IPv6 address is being looked for any more.
    package borrowing func waitForDetection() throws(CNIError) {
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
}

extension Route {
    /// The route as the kernel takes it. One more way to a destination that has one is added to it.
    package init(_ route: CNIResult.Route, _ addresses: [CNIResult.Address], link: Int32) {
        // A route whose scope is the link goes nowhere else.
        let isNear = route.scope == UInt32(RouteScope.link.rawValue)
        let gateway = isNear ? route.gateway : route.gateway(among: addresses)
        self.init(route.destination, via: gateway, link: link)
        metric = route.priority
        mtu = route.mtu
        advertisedSegment = route.advertisedMSS
        if let table = route.table { self.table = table }
        if let scope = route.scope { self.scope = RouteScope(rawValue: UInt8(truncatingIfNeeded: scope)) }
    }
}

extension CNIResult.Route {
    /// The gateway the route goes through, also when it names none.
    package func gateway(among addresses: [CNIResult.Address]) -> IPAddress? {
        gateway ?? addresses.first { $0.address.family == destination.family }?.gateway
    }
}
