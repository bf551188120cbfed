public import Addressing
internal import Kernel

/// A route.
public struct Route: Hashable, Sendable {
    /// Where it leads; `0.0.0.0/0` or `::/0` for a default route.
    public var destination: IPPrefix
    public var gateway: IPAddress?
    /// The index of the link; nil for the kernel to find by the gateway.
    public var link: Int32?
    /// The address packets leave from; nil for the kernel's choice.
    public var source: IPAddress?
    /// Lower wins; nil for the kernel's.
    public var metric: UInt32?
    public var table: UInt32
    /// nil for what ip(8) takes: `link` for IPv4 without a gateway, else `global`.
    public var scope: RouteScope?
    public var kind: Kind
    /// Who made it; nil for `boot`, a person's command.
    public var origin: UInt8?
    /// Bytes of the largest packet on the way.
    public var mtu: UInt32?
    /// Bytes of the largest TCP segment to announce. ip-route(8), `advmss`.
    public var advertisedSegment: UInt32?
    /// The gateway is taken to be on the link even if no route leads to it.
    public var isOnLink: Bool
    /// The ways of a route with several; read only, for a request makes one way at a time.
    public var nextHops: [NextHop]

    public init(_ destination: IPPrefix, via gateway: IPAddress? = nil, link: Int32? = nil) {
        self.destination = destination
        self.gateway = gateway
        self.link = link
        table = Route.mainTable
        kind = .unicast
        isOnLink = false
        nextHops = []
    }

    /// One of several ways.
    public struct NextHop: Hashable, Sendable {
        public let gateway: IPAddress?
        public let link: Int32
    }

    /// C: `RT_TABLE_MAIN`.
    public static let mainTable: UInt32 = 254

    /// C: `RTN_*`.
    public struct Kind: RawRepresentable, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let unicast = Kind(rawValue: 1)
        /// The address is this host's.
        public static let local = Kind(rawValue: 2)
        public static let broadcast = Kind(rawValue: 3)
        public static let unreachable = Kind(rawValue: 7)
    }

    /// What the links of this route are.
    public var links: [Int32] { link.map { [$0] } ?? nextHops.map(\.link) }
}

extension Route: CustomStringConvertible {
    /// The words of ip-route(8).
    public var description: String {
        var words = ["\(destination)"]
        if let gateway { words.append("via \(gateway)") }
        if let link { words.append("dev \(link)") }
        if let metric { words.append("metric \(metric)") }
        if table != Route.mainTable { words.append("table \(table)") }
        return words.joined(separator: " ")
    }
}

extension RouteSocket {
    /// The routes of a table. `ip route show table TABLE`.
    ///
    /// `table`: nil for all; `link`: nil for all links. Routes the kernel keeps for itself (cached, cloned) are
    /// not among them.
    public borrowing func routes(
        _ family: IPAddress.Family, table: UInt32? = Route.mainTable, link: Int32? = nil
    ) throws(NetlinkError) -> [Route] {
        // An older kernel does not filter.
        try listing(showing(family, table: table, link: link)).compactMap(Route.init).filter { route in
            (table == nil || route.table == table) && (link == nil || route.links.contains { $0 == link })
        }
    }

    /// The route a packet to `address` takes. `ip route get ADDRESS`.
    ///
    /// - Throws: ``NetlinkError`` with `ENETUNREACH` when there is none.
    public borrowing func route(to address: IPAddress) throws(NetlinkError) -> Route {
        // RTM_F_LOOKUP_TABLE: IPv4 would name no table otherwise, and IPv6 refuses to be asked.
        let header = routeHeader(
            address.family, length: UInt8(address.family.bitCount), flags: address.family == .v4 ? 0x1000 : 0)
        var message = NetlinkMessage(
            RouteType.getRoute, [.request, .acknowledge], header: header, request: "route get \(address)")
        message.put(RouteAttribute.destination, address.octets)
        guard let route = try socket.exchange(message).compactMap(Route.init).first else {
            throw NetlinkError(request: message.request, errno: .networkUnreachable)
        }
        return route
    }

    /// The default route of the lowest metric in the main table, IPv4's before IPv6's; nil when there is none.
    public borrowing func defaultRoute() throws(NetlinkError) -> Route? {
        for family in IPAddress.Family.allCases {
            let candidates = try routes(family).filter { $0.destination.length == 0 && $0.kind == .unicast }
            if let best = candidates.min(by: { $0.metric ?? 0 < $1.metric ?? 0 }) { return best }
        }
        return nil
    }

    /// The question for routes.
    func showing(_ family: IPAddress.Family, table: UInt32?, link: Int32? = nil) -> NetlinkMessage {
        var message = NetlinkMessage(
            RouteType.getRoute, [.request, .dump], header: routeHeader(family), request: "route show")
        if let table { message.put(RouteAttribute.table, table) }
        if let link { message.put(RouteAttribute.link, link) }
        return message
    }

    /// A table which does not exist is an empty one.
    borrowing func listing(_ message: NetlinkMessage) throws(NetlinkError) -> [NetlinkAnswer] {
        do throws(NetlinkError) { return try socket.exchange(message) } catch {
            if error.errno == .noEntity { return [] }
            throw error
        }
    }
}

extension RouteRequest {
    /// Adds a route or changes the one with the same destination and metric. `ip route replace ROUTE`.
    ///
    /// The kernel answers `ENETUNREACH` when nothing leads to the gateway, `ENETDOWN` while the link is down.
    public static func replaceRoute(_ route: Route) -> RouteRequest {
        request(RouteType.newRoute, [.create, .replace], route, verb: "replace")
    }

    /// Adds one more way to the destination. `ip route append ROUTE`.
    public static func appendRoute(_ route: Route) -> RouteRequest {
        request(RouteType.newRoute, [.create, .append], route, verb: "append")
    }

    /// Removes a route. `ip route delete ROUTE`.
    ///
    /// The kernel answers `ESRCH` when there is none like it.
    public static func deleteRoute(_ route: Route) -> RouteRequest {
        request(RouteType.deleteRoute, [], route, verb: "delete")
    }

    private static func request(
        _ type: UInt16, _ flags: NetlinkMessage.Flags, _ route: Route, verb: String
    ) -> RouteRequest {
        var message = NetlinkMessage(
            type, flags.union([.request, .acknowledge]), header: header(type, route),
            request: "route \(verb) \(route)")
        let destination = route.destination
        if destination.length > 0 { message.put(RouteAttribute.destination, destination.first.octets) }
        if let gateway = route.gateway {
            if gateway.family == destination.family {
                message.put(RouteAttribute.gateway, gateway.octets)
            } else {
                message.put(RouteAttribute.via, [gateway.family.number, 0] + gateway.octets)
            }
        }
        if let link = route.link { message.put(RouteAttribute.link, link) }
        if let source = route.source { message.put(RouteAttribute.source, source.octets) }
        if let metric = route.metric { message.put(RouteAttribute.metric, metric) }
        if route.table > 255 { message.put(RouteAttribute.table, route.table) }
        if route.mtu != nil || route.advertisedSegment != nil {
            message.nest(RouteAttribute.metrics) { metrics in
                if let mtu = route.mtu { metrics.put(RouteAttribute.mtu, mtu) }
                if let size = route.advertisedSegment { metrics.put(RouteAttribute.advertisedSegment, size) }
            }
        }
        return RouteRequest(message)
    }

    private static func header(_ type: UInt16, _ route: Route) -> [UInt8] {
        let isNear = route.destination.family == .v4 && route.gateway == nil && route.kind == .unicast
        // To delete, a scope nobody named is any scope.
        let usual: RouteScope =
            type == RouteType.deleteRoute ? .init(rawValue: 255) : isNear ? .link : .global
        return routeHeader(
            route.destination.family, length: UInt8(route.destination.length), table: route.table,
            origin: route.origin ?? (type == RouteType.deleteRoute ? 0 : 3), scope: route.scope ?? usual,
            kind: route.kind, flags: route.isOnLink ? 4 : 0)
    }
}
