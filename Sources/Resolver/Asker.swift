/// Whoever asks from one network namespace: what he may see, and who is asked for him.
package struct Asker: Hashable, Sendable {
    /// His networks, in the order they are searched.
    let networks: [String]
    /// Names of his own, in lower case, and the network and the name they stand for.
    let links: [DomainName: Link]
    /// Who is asked for other names; empty: the servers of the host.
    package let upstreams: [Upstream]
    /// Nobody is asked for other names.
    package let isInternal: Bool
    /// Somebody chose that names without a point are not asked for as they are.
    let hasDotLimit: Bool

    struct Link: Hashable {
        let network: String
        let name: DomainName
    }

    /// `records`: those of one namespace.
    package init(_ records: [NameRecord]) {
        let records = records.sorted { ($0.interface, $0.network) < ($1.interface, $1.network) }
        networks = records.map(\.network)
        var links: [DomainName: Link] = [:]
        for record in records {
            for (alias, name) in record.links {
                guard let alias = DomainName(alias), let name = DomainName(name)?.folded else { continue }
                for form in NetworkNames(record.network).forms(of: alias, domain: record.domain) {
                    links[form.folded] = Link(network: record.network, name: name)
                }
            }
        }
        self.links = links
        // One network with a way out is enough to ask by.
        let open = records.filter { !$0.isInternal }
        isInternal = open.isEmpty
        upstreams = Array((open.first { !$0.upstreams.isEmpty }?.upstreams ?? []).prefix(3))
        hasDotLimit = records.contains { $0.options.contains(where: limitsDots) }
    }
}

/// Whether the option is `ndots` with a number above 0. resolv.conf(5).
private func limitsDots(_ option: String) -> Bool {
    guard option.hasPrefix("ndots:"), let number = Int(option.dropFirst(6)) else { return false }
    return number > 0
}
