internal import Addressing

/// All names of all networks, made of records.
package struct NameDirectory: Sendable {
    private var records: [String: NameRecord] = [:]
    private var networks: [String: NetworkNames] = [:]

    package init() {}

    /// The record of a file.
    package subscript(file: String) -> NameRecord? { records[file] }

    /// Names of all files there are records of.
    package var files: [String] { records.keys.sorted() }

    /// Puts a record in the place of the one this file had; `nil` takes that away.
    package mutating func update(_ file: String, _ record: NameRecord?) {
        if let old = records.removeValue(forKey: file) {
            networks[old.network]?.remove(old, from: file)
            if networks[old.network]?.isEmpty ?? false { networks[old.network] = nil }
        }
        guard let record else { return }
        records[file] = record
        networks[record.network, default: NetworkNames(record.network)].insert(record, from: file)
    }

    /// The addresses `name`, in lower case, has for `asker`; `nil` when it is not ours, empty when there are none like this.
    ///
    /// The first network that knows one is the one which counts, as with Docker.
    func addresses(
        of name: DomainName, for asker: Asker, where isWanted: (IPAddress) -> Bool = { _ in true }
    ) -> [IPAddress]? {
        if let link = asker.links[name] {
            return (networks[link.network]?.addresses(of: link.name) ?? []).filter(isWanted)
        }
        var isKnown = false
        for network in asker.networks {
            guard let found = networks[network]?.addresses(of: name) else { continue }
            let wanted = found.filter(isWanted)
            if !wanted.isEmpty { return wanted }
            isKnown = true
        }
        return isKnown ? [] : nil
    }

    /// What the address is called whose reverse name `name` is.
    func pointer(_ name: DomainName, for asker: Asker) -> DomainName? {
        asker.networks.lazy.compactMap { networks[$0]?.pointer(name) }.first
    }
}
