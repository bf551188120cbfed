/// A key of the store with its value.
package struct StoreEntry: Hashable, Sendable {
    package let key: String
    package let value: [UInt8]
    package let createRevision: Int64
    package let modRevision: Int64
    /// Goes when its writer's session ends.
    package let isLeased: Bool

    package init(key: String, value: [UInt8], createRevision: Int64, modRevision: Int64, isLeased: Bool) {
        self.key = key
        self.value = value
        self.createRevision = createRevision
        self.modRevision = modRevision
        self.isLeased = isLeased
    }
}

/// What happened to a key.
package enum StoreChange: Hashable, Sendable {
    case put(StoreEntry)
    case deleted(key: String)
}
