internal import Addressing

/// C: `struct rtmsg`.
func routeHeader(
    _ family: IPAddress.Family, length: UInt8 = 0, table: UInt32 = 0, origin: UInt8 = 0,
    scope: RouteScope = .global, kind: Route.Kind = .init(rawValue: 0), flags: UInt32 = 0
) -> [UInt8] {
    let low = table > 255 ? 0 : UInt8(table)
    var header: [UInt8] = [family.number, length, 0, 0, low, origin, scope.rawValue, kind.rawValue]
    header.append(number: flags)
    return header
}

extension Route {
    /// Reads `RTM_NEWROUTE`; not what the kernel only remembers (`RTM_F_CLONED`) in answer to a dump.
    init?(_ answer: NetlinkAnswer) {
        let head = [UInt8](answer.body.prefix(12))
        guard answer.type == RouteType.newRoute, head.count == 12,
            let family = IPAddress.Family(number: head[0])
        else { return nil }
        let attributes = answer.attributes(after: 12)
        func address(_ attribute: UInt16) -> IPAddress? {
            attributes[attribute].flatMap { IPAddress(octets: $0) }
        }
        let zeros = [UInt8](repeating: 0, count: family.bitCount / 8)
        guard let first = address(RouteAttribute.destination) ?? IPAddress(octets: zeros),
            let prefix = IPPrefix(first, length: Int(head[1]))
        else { return nil }
        let metrics = attributes.nested(RouteAttribute.metrics)
        let flags = head[8...].number(as: UInt32.self)
        self.init(
            prefix, via: address(RouteAttribute.gateway) ?? attributes[RouteAttribute.via].flatMap(other))
        link = attributes.number(RouteAttribute.link, as: Int32.self)
        source = address(RouteAttribute.source)
        metric = attributes.number(RouteAttribute.metric, as: UInt32.self)
        table = attributes.number(RouteAttribute.table, as: UInt32.self) ?? UInt32(head[4])
        scope = RouteScope(rawValue: head[6])
        kind = Kind(rawValue: head[7])
        origin = head[5]
        mtu = metrics.number(RouteAttribute.mtu, as: UInt32.self)
        advertisedSegment = metrics.number(RouteAttribute.advertisedSegment, as: UInt32.self)
        isOnLink = flags & 4 != 0
        nextHops = hops(attributes[RouteAttribute.hops] ?? [])
    }
}

/// C: `struct rtvia`: a gateway of the other family.
private func other(_ value: ArraySlice<UInt8>) -> IPAddress? { IPAddress(octets: value.dropFirst(2)) }

/// C: a list of `struct rtnexthop`, each with attributes behind it.
private func hops(_ list: ArraySlice<UInt8>) -> [Route.NextHop] {
    var found: [Route.NextHop] = []
    var rest = list
    while rest.count >= 8 {
        let size = Int(rest.number(as: UInt16.self))
        guard size >= 8, size <= rest.count else { break }
        let attributes = NetlinkAttributes(rest.prefix(size).dropFirst(8))
        let near = attributes[RouteAttribute.gateway].flatMap { IPAddress(octets: $0) }
        found.append(
            .init(
                gateway: near ?? attributes[RouteAttribute.via].flatMap(other),
                link: rest.dropFirst(4).number(as: Int32.self)))
        rest = rest.dropFirst((size + 3) & ~3)
    }
    return found
}

/// Attributes of a route message. C: `RTA_*`, and `RTAX_*` for the last two.
enum RouteAttribute {
    static let destination: UInt16 = 1
    static let link: UInt16 = 4
    static let gateway: UInt16 = 5
    static let metric: UInt16 = 6
    static let source: UInt16 = 7
    static let metrics: UInt16 = 8
    static let hops: UInt16 = 9
    static let table: UInt16 = 15
    static let via: UInt16 = 18
    /// The number of a way that is an object of its own. ip-nexthop(8)
    static let nextHop: UInt16 = 30
    /// Where a route stands, and what is only reported: table, metric, `RTA_CACHEINFO`.
    static let places: Set<UInt16> = [table, metric, 12]
    /// The words for a way: link, gateway, several of them, `RTA_ENCAP_TYPE`, `RTA_ENCAP`.
    static let ways: Set<UInt16> = [link, gateway, via, hops, 21, 22]
    static let mtu: UInt16 = 2
    static let advertisedSegment: UInt16 = 8
}
