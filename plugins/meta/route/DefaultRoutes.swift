import Addressing
import Kernel
import Netlink

/// Default routes of a network namespace: ours, and those which ours stand in the place of.
///
/// What was replaced lies in the namespace itself, in a table no rule leads to, the latest with the highest metric. So it goes with
/// its interface or its namespace, as the route itself would have, and neither DEL nor GC has anything to clean on the
/// host. To be used in that namespace.
struct DefaultRoutes: ~Copyable {
    private let socket: RouteSocket

    init() throws(NetlinkError) { socket = try RouteSocket() }

    /// Who made a route, where it is this plugin. rtnetlink(7), `rtm_protocol`: a number nobody has in iproute2's `rt_protos`.
    static let origin: UInt8 = 97
    /// Where replaced routes are: "apus".
    private static let table: UInt32 = 0x6170_7573

    /// The default route through `gateway`.
    static func route(through gateway: IPAddress) -> Route? {
        guard let everywhere = IPPrefix(gateway, length: 0) else { return nil }
        var route = Route(everywhere.network, via: gateway)
        route.origin = origin
        return route
    }

    /// The metric of a route which says none.
    static func usualMetric(_ family: IPAddress.Family) -> UInt32 { family == .v4 ? 0 : 1024 }

    /// Whether the default route is the one packets take. Who made it makes no difference.
    borrowing func isFirst(_ route: Route) throws(NetlinkError) -> Bool {
        let candidates = try socket.routes(route.destination.family).filter {
            $0.destination.length == 0 && $0.kind == .unicast
        }
        return candidates.min { $0.metric ?? 0 < $1.metric ?? 0 }?.gateway == route.gateway
    }

    /// Sets the route in the place of one of the same metric, which is kept. One that is the same already stays as it is.
    borrowing func set(_ route: Route) throws(NetlinkError) {
        let family = route.destination.family
        let present = try leading(family).first
        if let present, present.route.gateway == route.gateway { return }
        // An older one of ours through this gateway would come back when this one goes.
        try forget(kept(family).filter { $0.route.gateway == route.gateway && $0.route.isOurs })
        let kept = try kept(family)
        // A call that was killed in between has kept it already.
        if let present, !(kept.first?.isSame(as: present) ?? false) {
            let place = (kept.first?.route.metric ?? 0) + 1
            try socket.perform(.putRoute(present, table: Self.table, metric: place))
        }
        try socket.perform(.replaceRoute(route))
    }

    /// Removes our routes which meet `condition`, and sets again what they had replaced.
    borrowing func remove(
        _ family: IPAddress.Family, where condition: (Route) -> Bool
    ) throws(NetlinkError) {
        func isMeant(_ route: Route) -> Bool { route.isOurs && condition(route) }
        try forget(kept(family).filter { isMeant($0.route) })
        let last = try kept(family).first
        let present = try leading(family)
        if let last, present.first.map({ isMeant($0.route) }) ?? true {
            // At once, so that there is a way out at any moment.
            try socket.perform(.putRoute(last, table: Route.mainTable))
        } else {
            for own in present where isMeant(own.route) { try delete(own.route) }
        }
        try tidy(family)
    }

    /// Forgets what will not come back: the route that leads now, and everything once somebody else's leads.
    private borrowing func tidy(_ family: IPAddress.Family) throws(NetlinkError) {
        guard let present = try leading(family).first else { return }
        try forget(kept(family).filter { !present.route.isOurs || $0.isSame(as: present) })
    }

    /// The default routes for all packets which have the metric of ours, first the one packets take.
    private borrowing func leading(_ family: IPAddress.Family) throws(NetlinkError) -> [RouteCopy] {
        try socket.copies(family).filter {
            $0.route.destination.length == 0 && !$0.isConditional
                && $0.route.metric ?? 0 == Self.usualMetric(family)
        }
    }

    /// What was replaced, the latest first.
    private borrowing func kept(_ family: IPAddress.Family) throws(NetlinkError) -> [RouteCopy] {
        try socket.copies(family, table: Self.table).sorted { $0.route.metric ?? 0 > $1.route.metric ?? 0 }
    }

    private borrowing func forget(_ routes: [RouteCopy]) throws(NetlinkError) {
        for copy in routes {
            var place = Route(copy.route.destination)
            (place.table, place.metric) = (Self.table, copy.route.metric)
            // Any kind: its metric is the only one.
            place.kind = Route.Kind(rawValue: 0)
            try delete(place)
        }
    }

    /// Deletes a route; one that went with its link is none.
    private borrowing func delete(_ route: Route) throws(NetlinkError) {
        do throws(NetlinkError) { try socket.perform(.deleteRoute(route)) } catch {
            guard [.noProcess, .networkUnreachable, .noDevice].contains(error.errno) else { throw error }
        }
    }
}

extension Route {
    /// Whether this plugin made it.
    fileprivate var isOurs: Bool { origin == DefaultRoutes.origin }
}
