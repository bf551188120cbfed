import Addressing
import Kernel
import NIOCore
import OverlayControl

/// One network's devices and tables in the kernel: made with the first container, told of each change, compared now and then.
final class NetworkTables {
    private let network: OverlayNetwork
    private let writer: TableWriter
    private let log: Log
    private let loop: any EventLoop
    /// What should be, at this moment; nil while no container is here.
    private let wanted: () -> (wish: DeviceWish, peers: [IPAddress: OverlayPeer])?
    /// What the kernel has not been told yet; nil while the devices are not there.
    private var untold: [PeerChange]?
    private var isTelling = false
    private var isComparing = false
    /// Who asked for a comparison while there was one: the next one is for all of them.
    private var next: EventLoopPromise<Void>?
    /// Devices and tables were right once: what changes since then is told.
    private var isPrepared = false
    /// When the next comparison is due which nobody asks for, in milliseconds.
    private var due: Int64 = 0

    /// Comparisons of now and then take this part of the time: fifty thousand entries are a second's work.
    private static let share: Int64 = 20

    init(
        _ network: OverlayNetwork, _ writer: TableWriter, _ log: Log, _ loop: any EventLoop,
        wanted: @escaping () -> (wish: DeviceWish, peers: [IPAddress: OverlayPeer])?
    ) {
        self.network = network
        self.writer = writer
        self.log = log
        self.loop = loop
        self.wanted = wanted
    }

    /// Makes sure that devices are as they should be and tables are kept. Only a network's first container waits for the tables.
    func prepare() -> EventLoopFuture<Void> {
        guard isPrepared, interfaceExists(network.bridgeName), interfaceExists(network.vxlanName),
            let wish = wanted()?.wish
        else { return reconcile() }
        // A comparison that is under way has begun with the devices.
        return isComparing ? loop.makeSucceededVoidFuture() : writer.ensure(wish)
    }

    /// Compares now and then; a large table more seldom. Devices which are missing are made at once.
    func look() -> EventLoopFuture<Void> {
        monotonicMilliseconds() < due ? prepare() : reconcile()
    }

    /// Makes devices and tables exactly what they should be. Done when they are.
    ///
    /// One comparison at a time: what is told between two which overlap, the second would take away.
    func reconcile() -> EventLoopFuture<Void> {
        guard isComparing else { return compare() }
        let next = next ?? loop.makePromise(of: Void.self)
        self.next = next
        return next.futureResult
    }

    private func compare() -> EventLoopFuture<Void> {
        guard let (wish, peers) = wanted() else { return loop.makeSucceededVoidFuture() }
        // What nobody has told the kernel yet is no fault of its tables.
        let isTold = isPrepared && untold?.isEmpty ?? false
        // From here on changes are collected: the peers have all of those before.
        untold = []
        isComparing = true
        let (writer, begun) = (writer, monotonicMilliseconds())
        return writer.ensure(wish).flatMap { writer.reconcile(peers, wish.vxlan) }.assumeIsolated()
            .always {
                self.due = monotonicMilliseconds() + (monotonicMilliseconds() - begun) * Self.share
                self.compared($0, isTold)
            }.map { _ in }.nonisolated()
    }

    private func compared(_ result: Result<Int, any Error>, _ isTold: Bool) {
        isComparing = false
        // Where nothing is collected the devices were taken away meanwhile.
        isPrepared = false
        if case .success(let changed) = result {
            isPrepared = untold != nil
            if isTold, changed > 0 {
                log("overlay: \(changed) entries of \(network.name) were not right")
            }
        }
        guard let next else { return tell() }
        self.next = nil
        compare().cascade(to: next)
    }

    /// Takes changes of what should be.
    func change(_ changes: [PeerChange]) {
        untold?.append(contentsOf: changes)
        tell()
    }

    /// Tells the kernel what has changed, one batch at a time.
    private func tell() {
        guard !isTelling, !isComparing, let changes = untold, !changes.isEmpty else { return }
        untold = []
        isTelling = true
        writer.apply(changes, network.vxlanName).assumeIsolated().whenComplete { result in
            self.isTelling = false
            if case .failure(let error) = result {
                // The next exact comparison mends it.
                self.log("overlay: tables of \(self.network.name): \(error)")
            }
            self.tell()
        }
    }

    /// Takes the devices away.
    func remove() -> EventLoopFuture<Void> {
        untold = nil
        isPrepared = false
        return writer.remove(network.id)
    }
}
