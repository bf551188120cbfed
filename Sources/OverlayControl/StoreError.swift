/// Why the store did not do what it was asked for.
package enum StoreError: Error, Hashable, Sendable {
    /// Nobody answers. The text says at which addresses, and why.
    case unreachable(String)
    /// A member answers, or hangs, but has no majority of members behind it.
    case noQuorum(String)
    /// The store does not want to: credentials, permissions, a request which makes no sense.
    case refused(String)
    /// The lease has ended, and its keys are gone.
    case leaseGone
    /// There is no room.
    case full(String)
    /// What came back is no answer.
    case malformed(String)
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let reason): "the store cannot be reached: \(reason)"
        case .noQuorum(let reason): "the store has no quorum: \(reason)"
        case .refused(let reason): "the store refuses: \(reason)"
        case .leaseGone: "the lease has ended"
        case .full(let reason): "the store is full: \(reason)"
        case .malformed(let reason): "the store's answer makes no sense: \(reason)"
        }
    }
}

/// What a watch tells.
package enum StoreEvent: Hashable, Sendable {
    /// What happened in a revision, or in several of which this is the last. Another watch begun `after` it misses nothing.
    case changes(revision: Int64, [StoreChange])
    /// What happened is not known any more: it was before this revision. The watch has ended; list anew.
    case compacted(Int64)
    /// The watch has ended by itself; changes may have been missed since the last which were told.
    case ended(StoreError)
}
