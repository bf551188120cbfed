package import NIOCore
package import OverlayControl

/// Where the truth of all networks that span hosts is kept: keys and values with revisions, changed by transactions, watched, and bound to leases.
///
/// It is used on one event loop, from which all answers come. What fails, fails with a ``StoreError``.
package protocol OverlayStore: AnyObject {
    /// Carries out a transaction, or nothing of it.
    ///
    /// After `unreachable` and `noQuorum` it may have been carried out all the same: look first.
    func commit(_ transaction: StoreTransaction) -> EventLoopFuture<StoreCommit>

    /// What there is below one or more prefixes, of which none is the beginning of another, all at one revision; of each in the order of its keys.
    func list(_ prefixes: [String]) -> EventLoopFuture<StoreSnapshot>

    /// Tells of everything which happens below the prefixes after `revision`, in order, until it is cancelled or has told its end.
    ///
    /// 0 means: from now on.
    func watch(
        _ prefixes: [String], after revision: Int64, _ told: @escaping (StoreEvent) -> Void
    ) -> any StoreWatch

    /// A lease which ends when it is not kept alive for so many seconds.
    func grant(seconds: Int64) -> EventLoopFuture<StoreLease>

    /// Gives the lease its whole time again. Fails with ``StoreError/leaseGone`` when it has ended.
    func keepAlive(_ lease: StoreLease) -> EventLoopFuture<Void>

    /// Ends a lease, and deletes its keys. That it has ended before is no error.
    func revoke(_ lease: StoreLease) -> EventLoopFuture<Void>

    /// Cancels all watches and ends all connections. Nothing else may be called afterwards. Has to be called.
    func close() -> EventLoopFuture<Void>
}

/// A watch which can be ended.
package protocol StoreWatch: AnyObject {
    /// Nothing is told from now on.
    func cancel()
}
