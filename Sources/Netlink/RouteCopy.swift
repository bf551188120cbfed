public import Addressing

/// A route with all the kernel tells of it, to be put elsewhere and back again as it was.
///
/// ``Route`` has words for less than there is: several ways, encapsulation, windows. `ip route save`, `ip route restore`.
public struct RouteCopy: Sendable {
    /// What it is, in the place where it was found.
    public let route: Route
    /// The message without its place (table and metric), and without what the kernel only reports.
    private let content: [UInt8]

    init?(_ answer: NetlinkAnswer) {
        guard let route = Route(answer) else { return nil }
        self.route = route
        let attributes = answer.attributes(after: 12)
        var message = NetlinkMessage(0, [], header: lasting(answer.body.prefix(12)), request: "")
        let isByNumber = attributes[RouteAttribute.nextHop] != nil
        for (type, value) in attributes where !RouteAttribute.places.contains(type) {
            // A way that is an object of its own stands there twice: by its number, and in words nobody may send.
            if isByNumber, RouteAttribute.ways.contains(type) { continue }
            message.put(type, type == RouteAttribute.hops ? lasting(hops: value) : [UInt8](value))
        }
        content = Array(message.bytes.dropFirst(16))
    }

    /// Whether it is the same route, wherever each of the two was found.
    public func isSame(as other: RouteCopy) -> Bool { content == other.content }

    /// Whether it is for some packets to its destination alone: those from a source or with a type of service.
    public var isConditional: Bool { content[2] != 0 || content[3] != 0 }

    fileprivate func header(_ table: UInt32) -> [UInt8] {
        var bytes = content
        bytes[4] = table > 255 ? 0 : UInt8(table)
        return bytes
    }
}

extension RouteSocket {
    /// The routes of a table, to be put elsewhere. `ip route save table TABLE`.
    public borrowing func copies(
        _ family: IPAddress.Family, table: UInt32 = Route.mainTable
    ) throws(NetlinkError) -> [RouteCopy] {
        try listing(showing(family, table: table)).compactMap(RouteCopy.init).filter {
            $0.route.table == table
        }
    }
}

extension RouteRequest {
    /// Adds the route of a copy to `table`, in the place of one with the same destination and metric.
    ///
    /// `metric`: nil for the kernel's.
    public static func putRoute(_ copy: RouteCopy, table: UInt32, metric: UInt32? = nil) -> RouteRequest {
        var route = copy.route
        (route.table, route.metric) = (table, metric)
        var message = NetlinkMessage(
            RouteType.newRoute, [.request, .acknowledge, .create, .replace], header: copy.header(table),
            request: "route replace \(route)")
        if table > 255 { message.put(RouteAttribute.table, table) }
        if let metric { message.put(RouteAttribute.metric, metric) }
        return RouteRequest(message)
    }
}

/// C: `RTNH_F_ONLINK`. The other flags of a way tell how it is at the moment, and are refused in a request.
private let onLinkFlag: UInt32 = 4

/// C: `struct rtmsg`, without its table.
private func lasting(_ head: ArraySlice<UInt8>) -> [UInt8] {
    var header = [UInt8](head)
    header[4] = 0
    header.replace(at: 8, number: head.dropFirst(8).number(as: UInt32.self) & onLinkFlag)
    return header
}

/// C: a list of `struct rtnexthop`, whose third byte are flags.
private func lasting(hops list: ArraySlice<UInt8>) -> [UInt8] {
    var (hops, place) = ([UInt8](list), 0)
    while hops.count - place >= 8 {
        let size = Int(hops[place...].number(as: UInt16.self))
        guard size >= 8, size <= hops.count - place else { break }
        hops[place + 2] &= UInt8(onLinkFlag)
        place += (size + 3) & ~3
    }
    return hops
}
