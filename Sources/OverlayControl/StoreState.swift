/// A store in memory which does what etcd does: revisions, conditions, leases.
package struct StoreState: Hashable, Sendable {
    /// Raised by each transaction that changes something. An empty store has 1, as in etcd.
    package private(set) var revision: Int64
    private var kept: [String: Kept]

    /// An entry, and the lease it goes with.
    private struct Kept: Hashable {
        let entry: StoreEntry
        let lease: StoreLease?
    }

    /// A store which holds `entries`, none of which has a lease.
    package init(revision: Int64 = 1, entries: [StoreEntry] = []) {
        self.revision = revision
        kept = Dictionary(
            entries.map { ($0.key, Kept(entry: $0, lease: nil)) }, uniquingKeysWith: { _, last in last })
    }

    /// What was done, and whether it has to outlive the process.
    package struct Outcome: Hashable, Sendable {
        package let commit: StoreCommit
        package let changes: [StoreChange]
        /// Something changed which goes with no lease.
        package let isLasting: Bool
    }

    /// Carries out a transaction, or changes nothing. `lives` tells whether a lease does.
    package mutating func commit(
        _ transaction: StoreTransaction, _ lives: (StoreLease) -> Bool
    ) throws(StoreError) -> Outcome {
        if let flaw = transaction.flaw { throw flaw }
        for case .put(_, _, let lease?) in transaction.operations where !lives(lease) { throw .leaseGone }
        guard transaction.conditions.allSatisfy(holds) else {
            let found = transaction.otherwise.compactMap { kept[$0]?.entry }
            let commit = StoreCommit(isDone: false, revision: revision, found: found)
            return Outcome(commit: commit, changes: [], isLasting: false)
        }
        var changes: [StoreChange] = []
        var isLasting = false
        for operation in transaction.operations {
            for key in deleted(by: operation) {
                isLasting = isLasting || kept[key]?.lease == nil
                kept[key] = nil
                changes.append(.deleted(key: key))
            }
            if case .put(let key, let value, let lease) = operation {
                isLasting = isLasting || lease == nil || (kept[key] != nil && kept[key]?.lease == nil)
                changes.append(.put(put(key, value, lease)))
            }
        }
        if !changes.isEmpty { revision += 1 }
        let commit = StoreCommit(isDone: true, revision: revision, found: [])
        return Outcome(commit: commit, changes: changes, isLasting: isLasting)
    }

    /// Takes away what goes with a lease, in one revision.
    package mutating func end(_ lease: StoreLease) -> [StoreChange] {
        let keys = kept.filter { $0.value.lease == lease }.keys.sorted()
        for key in keys { kept[key] = nil }
        if !keys.isEmpty { revision += 1 }
        return keys.map { .deleted(key: $0) }
    }

    /// The entries below each of the prefixes, in the order of their keys.
    package func list(_ prefixes: [String]) -> StoreSnapshot {
        StoreSnapshot(revision: revision, entries: prefixes.flatMap(entries))
    }

    /// What goes with no lease.
    package var lasting: [StoreEntry] {
        kept.values.filter { $0.lease == nil }.map(\.entry).sorted { Self.comesFirst($0.key, $1.key) }
    }

    private func entries(_ prefix: String) -> [StoreEntry] {
        kept.values.map(\.entry).filter { $0.key.utf8.starts(with: prefix.utf8) }
            .sorted { Self.comesFirst($0.key, $1.key) }
    }

    /// By their bytes, as etcd does.
    private static func comesFirst(_ one: String, _ other: String) -> Bool {
        one.utf8.lexicographicallyPrecedes(other.utf8)
    }

    private func holds(_ condition: StoreTransaction.Condition) -> Bool {
        switch condition {
        case .absent(let key): kept[key] == nil
        case .present(let key): kept[key] != nil
        case .unchanged(let key, let revision): (kept[key]?.entry.modRevision ?? 0) == revision
        case .holds(let key, let value): kept[key]?.entry.value == value
        }
    }

    /// The keys there are which an operation deletes.
    private func deleted(by operation: StoreTransaction.Operation) -> [String] {
        switch operation {
        case .put: []
        case .delete(let key): kept[key] == nil ? [] : [key]
        case .deletePrefix(let prefix): entries(prefix).map(\.key)
        }
    }

    private mutating func put(_ key: String, _ value: [UInt8], _ lease: StoreLease?) -> StoreEntry {
        let next = revision + 1
        let entry = StoreEntry(
            key: key, value: value, createRevision: kept[key]?.entry.createRevision ?? next,
            modRevision: next, isLeased: lease != nil)
        kept[key] = Kept(entry: entry, lease: lease)
        return entry
    }
}
