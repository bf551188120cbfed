import AddressPool
import Addressing
import CNIPlugin
import CNISpec
import JSON
import Netlink

/// Where the addresses of this call come from, read and checked.
struct Plan {
    let order: RangeSet.Order
    private let configured: [Source]
    private let pools: [SubnetPool]
    private let exclusions: Exclusions
    private let request: Request<Configuration>

    /// A range set, and the key it was read from.
    private struct Source {
        let key: String
        let set: RangeSet
    }

    /// What is done about a network which needs a subnet out of pools and has none.
    enum Missing {
        /// It gets one for good.
        case choose
        /// It is told which it would get.
        case preview
        /// It has no addresses of it.
        case remember
    }

    init(_ request: Request<Configuration>) throws(CNIError) {
        self = try decoding { () throws(JSONError) in try Plan(reading: request) }
    }

    private init(reading request: Request<Configuration>) throws(JSONError) {
        self.request = request
        let settings = request.configuration.settings
        order = try settings.optional("order")?.choice(RangeSet.Order.self) ?? .sequential
        exclusions = try Exclusions(settings.optional("exclude"))
        pools = try Self.pools(settings.optional("pools"))
        configured = try Self.sources(request, exclusions)
    }

    /// The sets, in the order in which host-local numbers them: of the capability, the single range, `ranges`; then
    /// those of pools.
    func sets(_ missing: Missing) throws(CNIError) -> [RangeSet] {
        var sources = configured
        let families = Set(sources.map(\.set.family))
        let pools = pools.filter { !families.contains($0.base.family) }
        for subnet in try subnets(pools, missing) {
            let set = try pool { () throws(PoolError) in
                try RangeSet([AddressRange(subnet: subnet, excluding: exclusions.stretches)])
            }
            sources.append(Source(key: "ipam.pools", set: set))
        }
        guard !sources.isEmpty || missing == .remember else {
            throw CNIError(
                .invalidConfiguration, "no IP ranges specified",
                details: "one of ipam.subnet, ipam.ranges, ipam.pools and runtimeConfig.ipRanges is needed")
        }
        try refuseContradictions(sources)
        return sources.map(\.set)
    }

    private func subnets(_ pools: [SubnetPool], _ missing: Missing) throws(CNIError) -> [IPPrefix] {
        guard !pools.isEmpty else { return [] }
        let memory = SubnetMemory(request.configuration.place)
        switch missing {
        case .choose:
            return try pool(.tryAgainLater) { () throws(PoolError) in
                try memory.subnets(pools, avoiding: hostRoutes)
            }
        case .preview:
            return try pool(.unavailable) { () throws(PoolError) in
                try memory.preview(pools, avoiding: hostRoutes)
            }
        case .remember:
            return try pool { () throws(PoolError) in try memory.remembered() }
        }
    }

    private func refuseContradictions(_ sources: [Source]) throws(CNIError) {
        for (index, source) in sources.enumerated() {
            for (distance, other) in sources[(index + 1)...].enumerated() where source.set.overlaps(other.set)
            {
                throw CNIError(
                    .invalidConfiguration, "range set \(index) overlaps with \(index + distance + 1)",
                    details: "\(source.key): \(source.set); \(other.key): \(other.set)")
            }
        }
        guard request.version <= .v0_2_0 else { return }
        for family in IPAddress.Family.allCases where sources.count(where: { $0.set.family == family }) > 1 {
            throw CNIError(
                .incompatibleVersion,
                "CNI version \(request.version) does not support more than 1 address per family")
        }
    }
}

extension Plan {
    private static func sources(
        _ request: Request<Configuration>, _ exclusions: Exclusions
    ) throws(JSONError) -> [Source] {
        let settings = request.configuration.settings
        var sources: [Source] = []
        for element in try request.runtimeConfig.value("ipRanges")?.elements() ?? [] {
            sources.append(try source(element.elements(), sources.count, element, exclusions))
        }
        if let subnet = try settings.optional("subnet"), try !subnet.string().isEmpty {
            sources.append(try source([settings], sources.count, subnet, exclusions))
        }
        for element in try settings.optional("ranges")?.elements() ?? [] {
            sources.append(try source(element.elements(), sources.count, element, exclusions))
        }
        return sources
    }

    /// The set number `number`, of `readers`; `place` is what an error names.
    private static func source(
        _ readers: [JSONReader], _ number: Int, _ place: JSONReader, _ exclusions: Exclusions
    ) throws(JSONError) -> Source {
        var ranges: [AddressRange] = []
        for reader in readers {
            let range = try IPRange(reader)
            let own = try Exclusions(reader.optional("exclude")).stretches
            do throws(PoolError) {
                ranges.append(
                    try AddressRange(
                        subnet: range.subnet, first: range.start, last: range.end, gateway: range.gateway,
                        excluding: exclusions.stretches + own))
            } catch { throw place.notAllowed("invalid range set \(number): \(error)") }
        }
        do throws(PoolError) { return Source(key: place.path, set: try RangeSet(ranges)) } catch {
            throw place.notAllowed("invalid range set \(number): \(error)")
        }
    }

    private static func pools(_ reader: JSONReader?) throws(JSONError) -> [SubnetPool] {
        var pools: [SubnetPool] = []
        for element in try reader?.elements() ?? [] {
            let base = try element.required("base").ipPrefix()
            let size = try element.required("size").integer(in: 0...128)
            do throws(PoolError) { pools.append(try SubnetPool(base: base, size: Int(size))) } catch {
                throw element.notAllowed("\(error)")
            }
        }
        return pools
    }
}

/// Every network some route of the host leads to.
private func hostRoutes() throws(PoolError) -> [IPPrefix] {
    do throws(NetlinkError) {
        let socket = try RouteSocket()
        var routes: [IPPrefix] = []
        for family in IPAddress.Family.allCases {
            routes += try socket.routes(family, table: nil).map(\.destination)
        }
        return SubnetPool.obstacles(among: routes)
    } catch { throw .configuration("cannot ask for the host's routes: \(error)") }
}
