import AddressPool
import Addressing
import CNIPlugin
import CNISpec
import JSON

/// Gives each interface its addresses out of ranges, and remembers in files who has which.
@main
struct AddressManager: Plugin {
    /// `host-local` where it is installed under that name; in every other place `ipam`.
    static var name: String {
        let program = CommandLine.arguments.first?.split(separator: "/").last
        return program == "host-local" ? "host-local" : "ipam"
    }
    static let help = """
        Gives interfaces addresses out of ranges. Configuration and files are those of host-local. Keys of `ipam`:
        subnet, rangeStart, rangeEnd, gateway, ranges, pools, exclude, order, routes, resolvConf, dataDir.
        """
    static let supportedVersions = CNIVersion.allCases

    static func decode(_ reader: JSONReader) throws(JSONError) -> Configuration { try Configuration(reader) }

    static func add(_ request: Request<Configuration>) throws(CNIError) -> CNIResult {
        let settings = request.configuration.settings
        let routes = try decoding { () throws(JSONError) in
            try CNIResult.Route.list(settings.optional("routes"))
        }
        let dns = try request.configuration.dns()
        let plan = try Plan(request)
        var wish = AllocationRequest(owner: owner(request), sets: try plan.sets(.choose))
        wish.requested = try Wishes(request).addresses
        wish.order = plan.order
        let allocations = try pool(.tryAgainLater) { () throws(PoolError) in
            var store = try AddressStore.open(request.configuration.place)
            return try store.allocate(wish)
        }
        return CNIResult(
            addresses: allocations.map { CNIResult.Address($0.address, gateway: $0.gateway) }, routes: routes,
            dns: dns)
    }

    /// Needs no more of the configuration than where the files are: one that is broken by now still frees.
    static func delete(_ request: Request<Configuration>) throws(CNIError) {
        try pool { () throws(PoolError) in
            var store = try AddressStore.openIfPresent(request.configuration.place)
            _ = try store?.release(owner(request))
        }
    }

    static func check(_ request: Request<Configuration>) throws(CNIError) {
        let sets = try Plan(request).sets(.remember)
        let reserved = try pool { () throws(PoolError) in
            let store = try AddressStore.openIfPresent(request.configuration.place)
            return try store?.addresses(of: owner(request)) ?? []
        }
        guard !reserved.isEmpty else {
            throw CNIError(
                .pluginSpecific,
                "\(name): Failed to find address added by container \(request.containerID)",
                details: "nothing is reserved for \(request.interface) in \(request.configuration.place.path)"
            )
        }
        for given in request.previousResult?.addresses(of: request.interface) ?? [] {
            let address = given.address.address
            // Addresses of no range are somebody else's business.
            guard sets.contains(where: { $0.range(of: address) != nil }), !reserved.contains(address) else {
                continue
            }
            throw CNIError(
                .pluginSpecific,
                "\(name): \(address) of \(request.interface) is not reserved for container \(request.containerID)",
                details: "see \(request.configuration.place.path)/\(address)")
        }
    }

    static func collectGarbage(_ request: Request<Configuration>) throws(CNIError) {
        guard let valid = request.validAttachments else { return }
        let owners = Set(valid.map { Owner(containerID: $0.containerID, interface: $0.interface) })
        try pool { () throws(PoolError) in
            var store = try AddressStore.openIfPresent(request.configuration.place)
            _ = try store?.collectGarbage(keeping: owners)
        }
    }

    static func status(_ request: Request<Configuration>) throws(CNIError) {
        _ = try request.configuration.dns()
        let sets = try Plan(request).sets(.preview)
        try pool(.unavailable) { () throws(PoolError) in
            var store = try AddressStore.openIfPresent(request.configuration.place)
            try store?.checkForFreeAddresses(sets)
        }
    }

    private static func owner(_ request: Request<Configuration>) -> Owner {
        Owner(containerID: request.containerID, interface: request.interface)
    }
}

/// Works on the pool; what goes wrong becomes a ``CNIError``. `exhaustion` is the number for a pool without a free
/// address.
func pool<Value>(
    _ exhaustion: CNIError.Code = .pluginSpecific, _ body: () throws(PoolError) -> Value
) throws(CNIError) -> Value {
    do throws(PoolError) { return try body() } catch {
        switch error {
        case .configuration(let reason): throw CNIError(.invalidConfiguration, reason)
        case .exhausted:
            throw CNIError(
                exhaustion, "\(error)", details: "GC frees addresses of containers which are gone")
        case .noSubnet: throw CNIError(exhaustion, "\(error)", details: "ipam.pools")
        case .taken, .reserved, .unanswered, .duplicate: throw CNIError(.pluginSpecific, "\(error)")
        case .system(let reason): throw CNIError(.ioFailure, "\(reason)")
        }
    }
}
