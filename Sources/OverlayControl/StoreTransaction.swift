/// Changes which are made together, or not at all.
package struct StoreTransaction: Hashable, Sendable {
    /// All of them have to hold.
    package var conditions: [Condition]
    package var operations: [Operation]
    /// Keys which are read when a condition does not hold.
    package var otherwise: [String]

    package init(conditions: [Condition] = [], operations: [Operation], otherwise: [String] = []) {
        self.conditions = conditions
        self.operations = operations
        self.otherwise = otherwise
    }

    /// What is compared.
    package enum Condition: Hashable, Sendable {
        case absent(String)
        case present(String)
        /// The key was written last in this revision.
        case unchanged(String, since: Int64)
        case holds(String, [UInt8])
    }

    /// What is done.
    package enum Operation: Hashable, Sendable {
        /// Without a lease the key stays until somebody deletes it.
        case put(String, [UInt8], lease: StoreLease?)
        case delete(String)
        /// Deletes every key which begins like this.
        case deletePrefix(String)
    }

    /// Conditions, operations, and keys to read, each: etcd takes no more (`--max-txn-ops`).
    package static let mostParts = 128

    /// Whether carrying it out a second time leaves the same behind and gives the same answer.
    ///
    /// A condition does not stand the second time: what the transaction has made absent is present then.
    package var isRepeatable: Bool { conditions.isEmpty }
}

extension StoreTransaction {
    /// Why no store takes the transaction; nil when it is sound.
    package var flaw: StoreError? {
        let parts = max(conditions.count, operations.count, otherwise.count)
        guard parts <= Self.mostParts else {
            return .refused("a transaction of \(parts) parts, more than \(Self.mostParts)")
        }
        guard keys.allSatisfy({ !$0.isEmpty && !$0.utf8.contains(0) }) else {
            return .refused("a key is empty or has a NUL")
        }
        var written: Set<String> = []
        for case .put(let key, _, _) in operations where !written.insert(key).inserted {
            return .refused("a transaction writes the key '\(key)' twice")
        }
        for operation in operations {
            if case .delete(let key) = operation, written.contains(key) { return Self.contradiction(key) }
            guard case .deletePrefix(let prefix) = operation else { continue }
            if let key = written.first(where: { $0.utf8.starts(with: prefix.utf8) }) {
                return Self.contradiction(key)
            }
        }
        return nil
    }

    /// All keys it names.
    private var keys: [String] {
        let compared = conditions.map { condition in
            switch condition {
            case .absent(let key), .present(let key), .unchanged(let key, _), .holds(let key, _): key
            }
        }
        let changed = operations.compactMap { operation -> String? in
            switch operation {
            case .put(let key, _, _), .delete(let key): key
            case .deletePrefix: nil
            }
        }
        return compared + changed + otherwise
    }

    private static func contradiction(_ key: String) -> StoreError {
        .refused("a transaction writes and deletes the key '\(key)'")
    }
}

/// What became of a transaction.
package struct StoreCommit: Hashable, Sendable {
    /// All conditions held, and all operations are done.
    package let isDone: Bool
    /// The store's revision afterwards.
    package let revision: Int64
    /// Those keys of ``StoreTransaction/otherwise`` which there are. Empty when it is done.
    package let found: [StoreEntry]

    package init(isDone: Bool, revision: Int64, found: [StoreEntry]) {
        self.isDone = isDone
        self.revision = revision
        self.found = found
    }
}

/// What the store held at one revision.
package struct StoreSnapshot: Hashable, Sendable {
    package let revision: Int64
    package let entries: [StoreEntry]

    package init(revision: Int64, entries: [StoreEntry]) {
        self.revision = revision
        self.entries = entries
    }
}

/// What keys go with when nobody keeps it alive.
package struct StoreLease: Hashable, Sendable {
    package let id: Int64

    package init(id: Int64) { self.id = id }
}
