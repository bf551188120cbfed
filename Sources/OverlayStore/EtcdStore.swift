internal import JSON
package import NIOCore
package import OverlayControl

/// The store of a cluster: etcd 3.4 and newer, by its JSON gateway.
package final class EtcdStore: OverlayStore {
    private let gateway: EtcdGateway
    private let watchPatience: TimeAmount
    private var watches: [ObjectIdentifier: EtcdWatch] = [:]
    /// How far watches had come which have ended by themselves; each is needed once, when another goes on in its place.
    private var ended: [WatchPositions] = []

    /// Keys of one answer.
    private static let pageSize = 1000
    /// How often a list begins anew because what it was reading was compacted meanwhile.
    private static let mostBeginnings = 3
    private static let mostEnded = 8

    /// `watchPatience`: a watch from which nothing comes for so long, although asked, has ended.
    package init(
        _ address: StoreAddress, _ log: @escaping (String) -> Void, _ loop: any EventLoop,
        watchPatience: TimeAmount = .seconds(15)
    ) throws(StoreError) {
        gateway = try EtcdGateway(address, log, loop)
        self.watchPatience = watchPatience
    }

    /// Carries out a transaction; asked of another member only where that changes nothing.
    package func commit(_ transaction: StoreTransaction) -> EventLoopFuture<StoreCommit> {
        if let flaw = transaction.flaw { return gateway.loop.makeFailedFuture(flaw) }
        let call = EtcdCall(
            "/v3/kv/txn", EtcdRequest.transaction(transaction), isRepeatable: transaction.isRepeatable)
        return ask(call, EtcdAnswer.commit)
    }

    /// A lease for so many seconds.
    package func grant(seconds: Int64) -> EventLoopFuture<StoreLease> {
        ask(EtcdCall("/v3/lease/grant", EtcdRequest.grant(seconds: seconds)), EtcdAnswer.grant)
    }

    /// Gives the lease its whole time again.
    package func keepAlive(_ lease: StoreLease) -> EventLoopFuture<Void> {
        ask(EtcdCall("/v3/lease/keepalive", EtcdRequest.lease(lease)), EtcdAnswer.keepAlive)
            .flatMapThrowing { lives in if !lives { throw StoreError.leaseGone } }
    }

    /// Ends a lease.
    package func revoke(_ lease: StoreLease) -> EventLoopFuture<Void> {
        ask(EtcdCall("/v3/lease/revoke", EtcdRequest.lease(lease))) { _ in }
            .flatMapErrorThrowing { error in if error as? StoreError != .leaseGone { throw error } }
    }

    /// Cancels all watches and ends all connections.
    package func close() -> EventLoopFuture<Void> {
        for watch in watches.values { watch.cancel() }
        return gateway.close()
    }

    private func ask<Answer: Sendable>(
        _ call: EtcdCall, _ decode: @escaping (JSONReader) throws(JSONError) -> Answer
    ) -> EventLoopFuture<Answer> {
        gateway.ask(call, decode).flatMapErrorThrowing { error in
            if let refusal = error as? EtcdRefusal { throw StoreError.refused(refusal.message) }
            throw error
        }
    }
}

// Lists.
extension EtcdStore {
    /// In pages, all at the revision of the first.
    package func list(_ prefixes: [String]) -> EventLoopFuture<StoreSnapshot> {
        list(prefixes, beginnings: Self.mostBeginnings)
    }

    /// A list that is on its way.
    private struct Reading {
        var prefixes: ArraySlice<String>
        var last: [UInt8]?
        /// Of the first answer; the others are of the same.
        var revision: Int64?
        var entries: [StoreEntry] = []
    }

    private func list(_ prefixes: [String], beginnings: Int) -> EventLoopFuture<StoreSnapshot> {
        read(Reading(prefixes: prefixes[...])).assumeIsolated().flatMapError { error in
            guard let refusal = error as? EtcdRefusal else {
                return self.gateway.loop.makeFailedFuture(error)
            }
            guard beginnings > 1 else {
                return self.gateway.loop.makeFailedFuture(StoreError.refused(refusal.message))
            }
            return self.list(prefixes, beginnings: beginnings - 1)
        }.nonisolated()
    }

    private func read(_ reading: Reading) -> EventLoopFuture<StoreSnapshot> {
        guard let prefix = reading.prefixes.first else {
            return gateway.loop.makeSucceededFuture(
                StoreSnapshot(revision: reading.revision ?? 0, entries: reading.entries))
        }
        let body = EtcdRequest.page(
            prefix, after: reading.last, at: reading.revision, limit: Self.pageSize)
        return gateway.ask(EtcdCall("/v3/kv/range", body), EtcdAnswer.page).assumeIsolated().flatMap { page in
            if page.strangers > 0 {
                self.gateway.log("etcd: \(page.strangers) keys below '\(prefix)' are no text: left out")
            }
            if let last = page.last, let before = reading.last, !before.lexicographicallyPrecedes(last) {
                return self.gateway.loop.makeFailedFuture(
                    self.gateway.malformed(
                        "/v3/kv/range: a page which does not go on from the one before", last))
            }
            var next = reading
            next.revision = reading.revision ?? page.revision
            next.entries += page.entries
            next.last = page.last
            if page.last == nil { next.prefixes.removeFirst() }
            return self.read(next)
        }.nonisolated()
    }
}

// Watches.
extension EtcdStore {
    /// On a connection of its own to one member.
    package func watch(
        _ prefixes: [String], after revision: Int64, _ told: @escaping (StoreEvent) -> Void
    ) -> any StoreWatch {
        var before: WatchPositions?
        if let index = ended.lastIndex(where: { $0.told == revision }) { before = ended.remove(at: index) }
        let positions = WatchPositions(prefixes, after: revision, goingOnFrom: before)
        let watch = EtcdWatch(gateway, prefixes, positions, watchPatience, told)
        watches[ObjectIdentifier(watch)] = watch
        watch.begin { [weak self] watch, wasEnded in
            self?.forget(watch, wasEnded)
        }
        return watch
    }

    private func forget(_ watch: EtcdWatch, _ wasEnded: Bool) {
        watches[ObjectIdentifier(watch)] = nil
        guard wasEnded else { return }
        ended = ended.suffix(Self.mostEnded - 1) + [watch.positions]
    }
}
