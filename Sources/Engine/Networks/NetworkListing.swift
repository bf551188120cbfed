internal import Addressing
package import JSON

/// Which networks `network ls` and `prune` mean. `--filter`
package struct NetworkFilter: Sendable {
    private let filters: Filters
    private let used: Set<String>

    /// `used`: the IDs of networks a container is in.
    package init(_ words: [String], used: Set<String>) throws(EngineError) {
        filters = try Filters(
            words, allowed: ["dangling", "driver", "id", "label", "name", "scope", "type"])
        for value in filters.values(of: "type") where !["builtin", "custom"].contains(value) {
            throw EngineError("invalid filter 'type=\(value)': it is builtin or custom", .invalid)
        }
        _ = try filters.flag("dangling")
        self.used = used
    }

    /// Whether the network is one of those asked for.
    package func admits(_ network: NetworkRecord) -> Bool {
        let isDangling = !network.isPredefined && !used.contains(network.id)
        let wanted = (try? filters.flag("dangling")) ?? nil
        return filters.admit("driver") { $0 == network.driver }
            && filters.admit("id") { network.id.hasPrefix($0) }
            && filters.admit("name") { network.name.contains($0) }
            && filters.admit("scope") { $0 == network.scope }
            && filters.admit("type") { ($0 == "builtin") == network.isPredefined }
            && filters.admitLabels(network.labels) && (wanted == nil || wanted == isDangling)
    }
}

/// The table of `network ls`, and what `--format` may ask for.
package struct NetworkListing {
    private var listing = Listing([
        .init("CreatedAt", "CREATED AT"), .init("Driver", "DRIVER"), .init("ID", "NETWORK ID"),
        .init("IPv4", "IPV4"), .init("IPv6", "IPV6"), .init("Internal", "INTERNAL"),
        .init("Labels", "LABELS"), .init("Name", "NAME"), .init("Scope", "SCOPE"),
    ])

    package init(_ networks: [NetworkRecord], showsWholeIDs: Bool) {
        for network in networks {
            listing.add(
                [
                    Self.words(network.created), network.driver,
                    showsWholeIDs ? network.id : network.shortID, "\(network.hasIPv4)", "\(network.hasIPv6)",
                    "\(network.isInternal)", labelsColumn(network.labels), network.name, network.scope,
                ], labels: network.labels)
        }
    }

    /// The listing as `format` wants it.
    package func text(format: String?) throws(EngineError) -> String {
        try listing.text(format: format, standard: ["ID", "Name", "Driver", "Scope"])
    }

    /// A moment as Docker lists it: `2026-01-31 12:00:00.5 +0000 UTC`.
    private static func words(_ created: String) -> String {
        created.replacing("T", with: " ").replacing("Z", with: " +0000 UTC")
    }
}

extension NetworkStore {
    /// What `network inspect` shows of a network.
    ///
    /// `isVerbose`: with the containers of other hosts.
    package func inspection(_ network: NetworkRecord, isVerbose: Bool = false) throws(EngineError)
        -> JSONValue
    {
        let users = try NetworkUse(environment.paths).attached(to: network.id)
        let containers = users.sorted { $0.id < $1.id }.compactMap { user -> JSONValue.Member? in
            guard let entry = user.record.endpoints.first(where: { $0.networkID == network.id }),
                let attached = entry.attached
            else { return nil }
            var object = JSONObject()
            object.set("Name", user.name)
            object.set("EndpointID", entry.id)
            object.set("MacAddress", attached.mac)
            object.set("IPv4Address", attached.addresses.first { $0.family == .v4 }.map { "\($0)" } ?? "")
            object.set("IPv6Address", attached.addresses.first { $0.family == .v6 }.map { "\($0)" } ?? "")
            return .init(user.id, object.value)
        }
        let shown = network.json(containers: .object(containers))
        // Without an answer of the cluster, what is known here is shown all the same.
        guard network.isGlobal, case .object(var members) = shown,
            let peers = try? cluster.peers(of: network.id)
        else { return shown }
        members.append(.init("Peers", peers.json))
        if isVerbose { members.append(.init("Endpoints", peers.endpointsJSON)) }
        return .object(members)
    }
}
