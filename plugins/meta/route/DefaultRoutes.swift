import Addressing
import Kernel
import Netlink

/// Default routes of a network namespace: ours, and those which ours stand in the place of.
///
/// Ours look like a person's in the main table. Whose they are, and what they replaced, lies in the namespace itself, in a table no rule
/// leads to, the latest with the highest metric. So it goes with its interface or its namespace, as the routes themselves
/// do, and neither DEL nor GC has anything to clean on the host. To be used in that namespace.
struct DefaultRoutes: ~Copyable {
    private let socket: RouteSocket

    init() throws(NetlinkError) { socket = try RouteSocket() }

    /// Where it is kept: "apus".
    private static let table: UInt32 = 0x6170_7573
    /// Tells ours from what was replaced there. rtnetlink(7), `rtm_protocol`: a number which is nobody's in iproute2's `rt_protos`.
    fileprivate static let origin: UInt8 = 97

    /// The default route through `gateway`.
    static func route(through gateway: IPAddress) -> Route? {
        IPPrefix(gateway, length: 0).map { Route($0.network, via: gateway) }
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
        try forget(kept(family).filter { $0.route.isOurs && $0.route.gateway == route.gateway })
        let kept = try kept(family)
        var place = (kept.first?.route.metric ?? 0) + 1
        // Ours is kept already, and what a call has kept that was killed in between.
        if let present, !kept.contains(where: { present.route.isMade(by: $0.route) }),
            !(kept.first?.isSame(as: present) ?? false)
        {
            try socket.perform(.putRoute(present, table: Self.table, metric: place))
            place += 1
        }
        // With its link: among what is kept a gateway may be found behind another one.
        let near: Route? = if let gateway = route.gateway { try? socket.route(to: gateway) } else { nil }
        let linked = Route(
            route.destination, via: route.gateway, link: near?.gateway == nil ? near?.link : nil)
        try note(linked, at: place)
        try socket.perform(.replaceRoute(linked))
    }

    /// Notes that a route is ours.
    private borrowing func note(_ route: Route, at place: UInt32) throws(NetlinkError) {
        var ours = route
        (ours.table, ours.metric, ours.origin) = (Self.table, place, Self.origin)
        do throws(NetlinkError) { try socket.perform(.replaceRoute(ours)) } catch {
            // No way to the gateway: the route a person knows of is the one to name.
            guard let number = error.errno else { throw error }
            throw NetlinkError(
                request: "route replace \(Route(route.destination, via: route.gateway))", errno: number,
                text: error.text)
        }
    }

    /// Removes our routes which meet `condition`, and sets again what they had replaced.
    borrowing func remove(
        _ family: IPAddress.Family, where condition: (Route) -> Bool
    ) throws(NetlinkError) {
        let kept = try kept(family)
        let meant = kept.filter { $0.route.isOurs && condition($0.route) }
        let last = kept.first { !($0.route.isOurs && condition($0.route)) }
        let present = try leading(family)
        func isMeant(_ route: Route) -> Bool { meant.contains { route.isMade(by: $0.route) } }
        if let last, present.first.map({ isMeant($0.route) }) ?? true {
            // At once, so that there is a way out at any moment.
            try restore(last)
        } else {
            for own in present where isMeant(own.route) { try delete(own.route) }
        }
        // Last: without the note nobody would know whose the route is.
        try forget(meant)
        try tidy(family)
    }

    /// Has a route lead again that was replaced.
    private borrowing func restore(_ copy: RouteCopy) throws(NetlinkError) {
        guard copy.route.isOurs else {
            return try socket.perform(.putRoute(copy, table: Route.mainTable))
        }
        try socket.perform(
            .replaceRoute(Route(copy.route.destination, via: copy.route.gateway, link: copy.route.link)))
    }

    /// Forgets what will not come back: everything, once somebody else's route leads.
    private borrowing func tidy(_ family: IPAddress.Family) throws(NetlinkError) {
        guard let present = try leading(family).first else { return }
        let kept = try kept(family)
        if !kept.contains(where: { present.route.isMade(by: $0.route) }) { try forget(kept) }
    }

    /// The default routes for all packets which have the metric of ours, first the one packets take.
    private borrowing func leading(_ family: IPAddress.Family) throws(NetlinkError) -> [RouteCopy] {
        try socket.copies(family).filter {
            $0.route.destination.length == 0 && !$0.isConditional
                && $0.route.metric ?? 0 == Self.usualMetric(family)
        }
    }

    /// Ours and what was replaced, the latest first.
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
    /// Whether it is the note of a route of this plugin.
    fileprivate var isOurs: Bool { origin == DefaultRoutes.origin }

    /// Whether it is the route which `note` is about: as this plugin makes it, by the same way.
    fileprivate func isMade(by note: Route) -> Bool {
        // C: `RTPROT_BOOT`.
        note.isOurs && origin == 3 && gateway == note.gateway && link == note.link
    }
}
