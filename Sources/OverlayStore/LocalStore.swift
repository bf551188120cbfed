internal import JSON
internal import Kernel
package import NIOCore
package import OverlayControl

/// The store of a single host: in memory, and in a file what goes with no lease. Leases end with the process.
package final class LocalStore: OverlayStore {
    private let path: String
    private let loop: any EventLoop
    private var state: StoreState
    private var leases: [StoreLease: Lease] = [:]
    private var lastLease: Int64 = 0
    private var watches: [ObjectIdentifier: LocalWatch] = [:]
    /// What happened last, for watches which begin in the past.
    private var history: [(revision: Int64, changes: [StoreChange])] = []
    /// Everything after this revision is in the history.
    private var forgotten: Int64

    private static let longestHistory = 1000

    private struct Lease {
        let seconds: Int64
        let end: Scheduled<Void>
    }

    /// Reads the file at `path`, which need not be there.
    ///
    /// - Throws: ``StoreError/malformed(_:)`` when it is none of ours; it is left as it is.
    package init(_ path: String, _ loop: any EventLoop) throws(StoreError) {
        self.path = path
        self.loop = loop
        state = try Self.read(path)
        forgotten = state.revision
    }

    private static func read(_ path: String) throws(StoreError) -> StoreState {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try readFile(path) } catch {
            if error.errno == .noEntity { return StoreState() }
            throw .unreachable("\(error)")
        }
        do throws(JSONError) { return try StoreState(JSONReader(JSONValue(parsing: bytes))) } catch {
            throw .malformed("\(path): \(error)")
        }
    }

    /// Carries out a transaction; what lasts is in the file before it counts.
    package func commit(_ transaction: StoreTransaction) -> EventLoopFuture<StoreCommit> {
        var next = state
        do throws(StoreError) {
            let outcome = try next.commit(transaction) { leases[$0] != nil }
            if outcome.isLasting { try write(next) }
            state = next
            tell(outcome.changes)
            return loop.makeSucceededFuture(outcome.commit)
        } catch { return loop.makeFailedFuture(error) }
    }

    private func write(_ state: StoreState) throws(StoreError) {
        do throws(SystemError) {
            try replaceFile(path, Array((state.json.prettyText() + "\n").utf8), mode: 0o600)
        } catch {
            if [.noSpace, .quotaExceeded].contains(error.errno) { throw .full("\(error)") }
            throw .unreachable("\(error)")
        }
    }

    /// What is in memory.
    package func list(_ prefixes: [String]) -> EventLoopFuture<StoreSnapshot> {
        loop.makeSucceededFuture(state.list(prefixes))
    }

    /// Ends leases and watches; the file has everything else.
    package func close() -> EventLoopFuture<Void> {
        for lease in leases.values { lease.end.cancel() }
        leases = [:]
        for watch in watches.values { watch.cancel() }
        return loop.makeSucceededVoidFuture()
    }
}

// Leases.
extension LocalStore {
    /// A lease for so many seconds of this process.
    package func grant(seconds: Int64) -> EventLoopFuture<StoreLease> {
        guard seconds > 0 else {
            return loop.makeFailedFuture(StoreError.refused("a lease of \(seconds) seconds"))
        }
        lastLease += 1
        let lease = StoreLease(id: lastLease)
        renew(lease, seconds)
        return loop.makeSucceededFuture(lease)
    }

    /// Gives the lease its whole time again.
    package func keepAlive(_ lease: StoreLease) -> EventLoopFuture<Void> {
        guard let old = leases[lease] else { return loop.makeFailedFuture(StoreError.leaseGone) }
        old.end.cancel()
        renew(lease, old.seconds)
        return loop.makeSucceededVoidFuture()
    }

    /// Ends a lease.
    package func revoke(_ lease: StoreLease) -> EventLoopFuture<Void> {
        leases[lease]?.end.cancel()
        end(lease)
        return loop.makeSucceededVoidFuture()
    }

    private func renew(_ lease: StoreLease, _ seconds: Int64) {
        let store = NIOLoopBound(self, eventLoop: loop)
        let end = loop.scheduleTask(in: .seconds(seconds)) { store.value.end(lease) }
        leases[lease] = Lease(seconds: seconds, end: end)
    }

    private func end(_ lease: StoreLease) {
        guard leases.removeValue(forKey: lease) != nil else { return }
        tell(state.end(lease))
    }
}

// Watches.
extension LocalStore {
    /// Tells on later turns of the loop.
    package func watch(
        _ prefixes: [String], after revision: Int64, _ told: @escaping (StoreEvent) -> Void
    ) -> any StoreWatch {
        let watch = LocalWatch(prefixes, loop, told) { [weak self] watch in
            self?.watches[ObjectIdentifier(watch)] = nil
        }
        guard revision == 0 || revision >= forgotten else {
            watch.end(.compacted(forgotten + 1))
            return watch
        }
        watches[ObjectIdentifier(watch)] = watch
        if revision > 0 {
            for (when, changes) in history where when > revision { watch.tell(when, changes) }
        }
        return watch
    }

    private func tell(_ changes: [StoreChange]) {
        guard !changes.isEmpty else { return }
        history.append((state.revision, changes))
        if history.count > Self.longestHistory {
            // Half at a time: what is taken away in front moves all the rest.
            forgotten = history[Self.longestHistory / 2 - 1].revision
            history.removeFirst(Self.longestHistory / 2)
        }
        for watch in watches.values { watch.tell(state.revision, changes) }
    }
}

/// A watch of a local store. It tells on a later turn of the loop, never while somebody calls the store.
private final class LocalWatch: StoreWatch {
    private let prefixes: [String]
    private let loop: any EventLoop
    private var told: ((StoreEvent) -> Void)?
    private let forget: (LocalWatch) -> Void

    init(
        _ prefixes: [String], _ loop: any EventLoop, _ told: @escaping (StoreEvent) -> Void,
        _ forget: @escaping (LocalWatch) -> Void
    ) {
        self.prefixes = prefixes
        self.loop = loop
        self.told = told
        self.forget = forget
    }

    func tell(_ revision: Int64, _ changes: [StoreChange]) {
        let ours = changes.filter(concerns)
        guard !ours.isEmpty else { return }
        loop.assumeIsolated().execute { self.told?(.changes(revision: revision, ours)) }
    }

    /// Tells that it has ended.
    func end(_ event: StoreEvent) {
        loop.assumeIsolated().execute {
            let told = self.told
            self.cancel()
            told?(event)
        }
    }

    func cancel() {
        told = nil
        forget(self)
    }

    private func concerns(_ change: StoreChange) -> Bool {
        let key =
            switch change {
            case .put(let entry): entry.key
            case .deleted(let key): key
            }
        return prefixes.contains { key.utf8.starts(with: $0.utf8) }
    }
}
