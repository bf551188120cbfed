internal import Addressing

/// The names of one network, and whose they are.
struct NetworkNames: Hashable {
    private let network: DomainName?
    private var members: [DomainName: [Member]] = [:]
    private var pointers: [DomainName: [Pointer]] = [:]

    /// Who has a name.
    private struct Member: Hashable {
        let record: String
        let addresses: [IPAddress]
    }

    /// What an address is called.
    private struct Pointer: Hashable {
        let record: String
        let name: DomainName
    }

    /// `network`: its name.
    init(_ network: String) { self.network = DomainName(network) }

    var isEmpty: Bool { members.isEmpty && pointers.isEmpty }

    /// All addresses which have the name, or `nil` when nobody has it. `name` is in lower case.
    func addresses(of name: DomainName) -> [IPAddress]? {
        guard let found = members[name] else { return nil }
        return found.count == 1 ? found[0].addresses : found.flatMap(\.addresses)
    }

    /// What the address is called whose reverse name `name` is.
    func pointer(_ name: DomainName) -> DomainName? { pointers[name]?.first?.name }

    mutating func insert(_ record: NameRecord, from file: String) {
        for name in forms(of: record) {
            members[name, default: []].append(Member(record: file, addresses: record.addresses))
        }
        guard let first = pointerName(record) else { return }
        for address in record.addresses {
            pointers[DomainName(reverse: address), default: []].append(Pointer(record: file, name: first))
        }
    }

    mutating func remove(_ record: NameRecord, from file: String) {
        for name in forms(of: record) {
            members[name]?.removeAll { $0.record == file }
            if members[name]?.isEmpty ?? false { members[name] = nil }
        }
        for name in record.addresses.map(DomainName.init(reverse:)) {
            pointers[name]?.removeAll { $0.record == file }
            if pointers[name]?.isEmpty ?? false { pointers[name] = nil }
        }
    }

    /// Every name the record gives, in lower case: alone, with the network behind it, with the domain behind it.
    private func forms(of record: NameRecord) -> Set<DomainName> {
        var forms: Set<DomainName> = []
        for name in record.names.compactMap({ DomainName($0) }) {
            forms.formUnion(self.forms(of: name, domain: record.domain).map(\.folded))
        }
        return forms
    }

    /// What one name is found by.
    func forms(of name: DomainName, domain: String) -> [DomainName] {
        let suffixes = [network, domain.isEmpty ? nil : DomainName(domain)].compactMap { $0 }
        return [name] + suffixes.compactMap(name.followed(by:))
    }

    /// The first name and the domain, or where there is none the network.
    private func pointerName(_ record: NameRecord) -> DomainName? {
        guard let first = record.names.lazy.compactMap({ DomainName($0) }).first else { return nil }
        let suffix = record.domain.isEmpty ? network : DomainName(record.domain)
        return suffix.flatMap(first.followed(by:)) ?? first
    }
}
