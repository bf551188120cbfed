import JSON
import Kernel
import NIOCore
import NetdClient
import OverlayControl
import OverlayStore

/// This node's life in the cluster: its lease, its key, and the nodes that live beside it.
///
/// While the store cannot be reached everything stays as it is, and it is tried again; when it can, whoever listens is told and puts
/// everything anew, which is the same as before where nothing has happened.
final class Session {
    let store: any OverlayStore
    let root: StoreRoot
    let identity: NodeIdentity
    private(set) var uplink: Uplink
    private(set) var lease: StoreLease?
    private(set) var nodes: [String: OverlayNode] = [:]
    private let settings: OverlaySettings
    private let log: Log
    private let loop: any EventLoop
    private let leaseFile: String
    private weak var listener: (any SessionListener)?
    private var attempt: EventLoopFuture<Void>?
    private var watch: (any StoreWatch)?
    private var timer: Scheduled<Void>?
    private var backOff = BackOff()
    private var isClosed = false

    init(
        _ store: any OverlayStore, _ settings: OverlaySettings, _ identity: NodeIdentity, _ uplink: Uplink,
        leaseFile: String, _ log: Log, _ loop: any EventLoop, _ listener: any SessionListener
    ) {
        self.store = store
        self.settings = settings
        self.identity = identity
        self.uplink = uplink
        self.leaseFile = leaseFile
        self.log = log
        self.loop = loop
        self.listener = listener
        root = StoreRoot(settings.root)
    }

    /// Whether the node has a lease, as far as is known.
    var isUp: Bool { lease != nil }

    var node: String { identity.id }

    /// Done when the node is in the cluster; fails as soon as it is known that it cannot be now.
    func ready() -> EventLoopFuture<Void> {
        if isUp { return loop.makeSucceededVoidFuture() }
        if let attempt { return attempt }
        timer?.cancel()
        let attempt = begin()
        self.attempt = attempt
        attempt.assumeIsolated().whenComplete { result in
            self.attempt = nil
            self.ended(result)
        }
        return attempt
    }

    /// Ends it for good; the lease is left to end by itself, for a daemon that comes back takes its keys over.
    func close() {
        isClosed = true
        timer?.cancel()
        watch?.cancel()
        lease = nil
        // It has to be there until its connections are closed.
        store.close().assumeIsolated().whenComplete { [store] _ in withExtendedLifetime(store) {} }
    }

    /// The uplink has another address or another size.
    func move(to uplink: Uplink) {
        guard uplink != self.uplink else { return }
        log("overlay: the tunnel's end is \(uplink.address) now, not \(self.uplink.address)")
        self.uplink = uplink
        lose("the uplink has changed")
    }

    private func begin() -> EventLoopFuture<Void> {
        let ttl = settings.ttl
        return store.grant(seconds: ttl).assumeIsolated().flatMap { lease in
            self.register(lease).assumeIsolated().flatMap { self.followNodes() }
                .map { lease }.nonisolated()
        }.map { lease in self.lease = lease }.nonisolated()
    }

    private func ended(_ result: Result<Void, any Error>) {
        guard !isClosed else { return }
        switch result {
        case .success:
            backOff.reset()
            log("overlay: node \(identity.name) (\(node)) is in the cluster, tunnel at \(uplink.address)")
            scheduleKeepAlive()
            guard let lease else { return }
            listener?.sessionBegan().assumeIsolated().whenSuccess { isWhole in
                // What could not be put anew hangs on the old lease, which ends by itself.
                if isWhole { self.retire(keeping: lease) }
            }
        case .failure(let error as Refused):
            log("overlay: \(error.reason)")
            close()
            listener?.sessionRefused()
        case .failure(let error):
            log("overlay: \(error)")
            retry()
        }
    }

    private func retry() {
        timer?.cancel()
        timer = loop.assumeIsolated().scheduleTask(in: backOff.next()) { _ = self.ready() }
    }

    /// This node as the others see it.
    private var own: OverlayNode {
        OverlayNode(id: node, name: identity.name, vtep: uplink.address, port: settings.port)
    }

    /// Puts the node's key, which is nobody else's.
    private func register(_ lease: StoreLease) -> EventLoopFuture<Void> {
        let key = root.text(.node(node))
        let own = own
        let value = Array(own.json.text.utf8)
        let first = StoreTransaction(
            conditions: [.absent(key)], operations: [.put(key, value, lease: lease)], otherwise: [key])
        return store.commit(first).assumeIsolated().flatMap { commit in
            if commit.isDone { return self.loop.makeSucceededVoidFuture() }
            if let reason = self.foreigner(commit.found.first) {
                return self.loop.makeFailedFuture(Refused(reason: reason))
            }
            let second = StoreTransaction(
                conditions: [], operations: [.put(key, value, lease: lease)], otherwise: [])
            return self.store.commit(second).map { _ in }
        }.nonisolated()
    }

    /// Another host that has our ID: a copy of our disk. Our own earlier life has our name.
    private func foreigner(_ entry: StoreEntry?) -> String? {
        guard let entry, let value = try? JSONValue(parsing: entry.value),
            let other = try? OverlayNode(id: node, JSONReader(value)), other.name != identity.name
        else { return nil }
        return "node ID \(node) lives already as \(other.name) at \(other.vtep): "
            + "remove \(settings.state)/node on the copy"
    }

    // MARK: The other nodes

    private func followNodes() -> EventLoopFuture<Void> {
        watch?.cancel()
        watch = nil
        let prefix = root.nodes
        return store.list([prefix]).assumeIsolated().map { snapshot in
            self.nodes = [:]
            for entry in snapshot.entries { self.take(.put(entry)) }
            self.listener?.nodesChanged(self.nodes)
            self.watch = self.store.watch([prefix], after: snapshot.revision) { event in
                self.heard(event)
            }
        }.nonisolated()
    }

    private func heard(_ event: StoreEvent) {
        switch event {
        case .changes(_, let changes):
            for change in changes { take(change) }
            listener?.nodesChanged(nodes)
        case .compacted, .ended: followAgain()
        }
    }

    private func followAgain() {
        watch?.cancel()
        watch = nil
        guard !isClosed, isUp else { return }
        loop.assumeIsolated().scheduleTask(in: backOff.next()) {
            guard self.watch == nil, self.isUp else { return }
            self.followNodes().assumeIsolated().whenComplete { result in
                if case .failure = result { self.followAgain() } else { self.backOff.reset() }
            }
        }
    }

    private func take(_ change: StoreChange) {
        switch change {
        case .deleted(let key):
            guard case .node(let id)? = root.key(key) else { return }
            nodes[id] = nil
            if id == node { lose("its key has gone") }
        case .put(let entry):
            guard case .node(let id)? = root.key(entry.key) else {
                return log("overlay: \(entry.key): ignored: not a key of this version")
            }
            // A host alone has its loopback's address, which would be nonsense from others.
            if id == node { return nodes[id] = own }
            do throws(JSONError) {
                nodes[id] = try OverlayNode(id: id, JSONReader(try JSONValue(parsing: entry.value)))
            } catch {
                nodes[id] = nil
                log("overlay: \(entry.key): ignored: \(error)")
            }
        }
    }

    // MARK: The lease

    private func scheduleKeepAlive() {
        timer?.cancel()
        timer = loop.assumeIsolated().scheduleTask(in: .milliseconds(settings.ttl * 1000 / 3)) {
            self.keepAlive()
        }
    }

    private func keepAlive() {
        guard let lease else { return }
        store.keepAlive(lease).assumeIsolated().whenComplete { result in
            guard self.lease == lease else { return }
            switch result {
            case .success: self.scheduleKeepAlive()
            case .failure(StoreError.leaseGone): self.lose("its lease has ended")
            case .failure(let error):
                self.log("overlay: the lease is not renewed: \(error)")
                self.timer = self.loop.assumeIsolated().scheduleTask(in: .seconds(1)) { self.keepAlive() }
            }
        }
    }

    /// Somebody was told so who wanted to put something under it.
    func leaseHasGone() { lose("its lease has ended") }

    /// The node is not in the cluster any more, whatever it thought.
    private func lose(_ reason: String) {
        guard isUp, !isClosed else { return }
        log("overlay: node \(identity.name) is put into the cluster again: \(reason)")
        lease = nil
        _ = ready()
    }

    /// Ends the lease of an earlier life, and with it the keys which nobody has taken over.
    private func retire(keeping lease: StoreLease) {
        let old = (try? readText(leaseFile)).flatMap { Int64($0.prefix { $0 != "\n" }) }
        try? replaceFile(leaseFile, Array("\(lease.id)\n".utf8), mode: 0o600)
        guard let old, old != lease.id else { return }
        store.revoke(StoreLease(id: old)).whenFailure { _ in }
    }
}

/// Who is told of the session.
protocol SessionListener: AnyObject {
    /// The node is in the cluster, with a lease nothing hangs on yet: everything is to be put. Done when that has been
    /// tried; the answer is whether all of it was put.
    func sessionBegan() -> EventLoopFuture<Bool>
    func nodesChanged(_ nodes: [String: OverlayNode])
    /// The node cannot be in the cluster as it is; the session is over.
    func sessionRefused()
}

/// Another host is this node.
struct Refused: Error {
    let reason: String
}

/// How long to wait before the next try: longer each time up to five seconds, and never as long as another node does.
struct BackOff {
    private var milliseconds: Int64 = 100

    mutating func next() -> TimeAmount {
        let wait = milliseconds
        milliseconds = min(milliseconds * 2, 5000)
        return .milliseconds(wait / 2 + Int64.random(in: 0...wait / 2))
    }

    mutating func reset() { milliseconds = 100 }
}
