import Addressing
import JSON
import Kernel
import NIOCore
import NetdClient
import OverlayControl
import OverlayStore
import Resolver

/// One network on this node: what the store has of it, this node's containers in it, and the kernel's tables.
final class NetworkAgent {
    let network: OverlayNetwork
    let session: Session
    private(set) var view: NetworkView
    /// This node's containers, by their records.
    var attachments: [String: Attachment] = [:]
    private let writer: TableWriter
    /// What the kernel has of it.
    private(set) lazy var tables = NetworkTables(network, writer, log, loop) { [weak self] in
        self.flatMap { $0.isEmpty ? nil : ($0.wish, $0.view.peers) }
    }
    let names: NameService
    let log: Log
    let loop: any EventLoop
    private let settings: OverlaySettings
    private var watch: (any StoreWatch)?
    private var backOff = BackOff()
    private var isClosed = false
    /// What is being written to the store of each container: the last of it.
    var writing: [String: EventLoopFuture<Void>] = [:]
    /// The address given last.
    var last: IPAddress?
    /// Containers which are being taken out of the store.
    var leaving: Set<EndpointID> = []
    /// The store may have something of a container which is not here any more.
    var hasLeftBehind = false
    /// Nobody has been here since this moment, in milliseconds.
    private(set) var emptySince: Int64?

    /// A container of this node.
    struct Attachment {
        let id: EndpointID
        let address: IPAddress
        /// Whether the address is claimed by itself, outside all blocks.
        let isClaimed: Bool
        /// Whether the store has it.
        var isAnnounced = false
    }

    init(
        _ network: OverlayNetwork, _ session: Session, _ writer: TableWriter, _ names: NameService,
        _ settings: OverlaySettings, _ log: Log, _ loop: any EventLoop
    ) {
        self.network = network
        self.session = session
        self.writer = writer
        self.names = names
        self.settings = settings
        self.log = log
        self.loop = loop
        view = NetworkView(network, node: session.node, root: session.root)
        emptySince = monotonicMilliseconds()
    }

    var isEmpty: Bool { attachments.isEmpty }

    // MARK: What the store has

    /// Learns what the store has, and follows it from there.
    func follow() -> EventLoopFuture<Void> {
        watch?.cancel()
        watch = nil
        return session.store.list(view.prefixes).assumeIsolated().map { snapshot in
            self.settle(self.view.setNodes(self.session.nodes))
            self.settle(self.view.replace(snapshot.entries))
            // Two may have been under way.
            self.watch?.cancel()
            self.watch = self.session.store.watch(self.view.prefixes, after: snapshot.revision) { event in
                self.heard(event)
            }
            self.backOff.reset()
        }.nonisolated()
    }

    /// A session has begun: nothing hangs on its lease yet, and what the store has is read anew; what of it fails is done later.
    func begin() -> EventLoopFuture<Void> {
        for file in attachments.keys { attachments[file]?.isAnnounced = false }
        return keepFollowing().assumeIsolated().flatMap { self.announceMissing() }
            .flatMap { self.tables.reconcile() }.nonisolated()
    }

    /// Follows, and where the store cannot be read tries again until it can.
    private func keepFollowing() -> EventLoopFuture<Void> {
        follow().assumeIsolated().flatMapErrorThrowing { _ in
            if !self.isClosed { self.followAgain() }
        }.nonisolated()
    }

    private func heard(_ event: StoreEvent) {
        guard !isClosed else { return }
        switch event {
        case .changes(_, let changes):
            settle(view.apply(changes))
            putBack(changes)
        case .compacted, .ended: followAgain()
        }
    }

    /// Somebody has deleted the key of a container which is here: it is put again.
    private func putBack(_ changes: [StoreChange]) {
        var isMissing = false
        for case .deleted(let key) in changes {
            guard case .endpoint(network.id, session.node, let id)? = session.root.key(key),
                let file = attachments.first(where: { $0.value.id == id })?.key
            else { continue }
            attachments[file]?.isAnnounced = false
            isMissing = true
        }
        guard isMissing, session.isUp else { return }
        announceMissing().whenFailure { _ in }
    }

    /// The tables stay as they are until the store can be read again.
    private func followAgain() {
        watch?.cancel()
        watch = nil
        loop.assumeIsolated().scheduleTask(in: backOff.next()) {
            guard self.watch == nil, !self.isClosed else { return }
            _ = self.keepFollowing()
        }
    }

    func nodesChanged() { settle(view.setNodes(session.nodes)) }

    /// Learns of something this node has written itself, before the store tells.
    func learn(_ change: StoreChange) { settle(view.apply([change])) }

    private func settle(_ outcome: NetworkView.Outcome) {
        for complaint in outcome.complaints { log("overlay: \(complaint)") }
        for change in outcome.changes { names.setRemote(remoteName(change.address), record(change.new)) }
        tables.change(outcome.changes)
    }

    private func remoteName(_ address: IPAddress) -> String { "\(network.id):\(address)" }

    private func record(_ peer: OverlayPeer?) -> NameRecord? {
        guard let peer, !peer.names.isEmpty else { return nil }
        var record = NameRecord(
            network: network.name, containerID: peer.id.containerID, interface: peer.id.interface,
            namespace: "", names: peer.names, addresses: peer.addresses)
        record.domain = peer.domain
        return record
    }

    // MARK: The kernel

    private var wish: DeviceWish {
        let gateways = [
            IPPrefix(network.gateway, length: network.subnet.length),
            network.gateway6.flatMap { gateway in
                network.subnet6.flatMap { IPPrefix(gateway, length: $0.length) }
            },
        ].compactMap { $0 }
        return DeviceWish(
            bridge: network.bridgeName, vxlan: network.vxlanName, vni: network.vni,
            vtep: session.uplink.address, port: settings.port, mtu: mtu, gateways: gateways,
            gatewayMAC: network.gatewayMAC, network: network.id)
    }

    /// Bytes of the largest packet of containers.
    var mtu: UInt32 { network.mtu ?? settings.mtu ?? session.uplink.innerMTU }

    // MARK: This node's containers

    func attach(_ file: String, _ attachment: Attachment) {
        attachments[file] = attachment
        emptySince = nil
        last = attachment.address
    }

    /// Takes a container out. Done when the kernel has forgotten the network, if it was the last one, and the store the container, if it can be reached.
    func detach(_ file: String) -> EventLoopFuture<Void> {
        guard let old = attachments.removeValue(forKey: file) else { return loop.makeSucceededVoidFuture() }
        if isEmpty { emptySince = monotonicMilliseconds() }
        let devices = isEmpty ? tables.remove() : loop.makeSucceededVoidFuture()
        return devices.and(withdraw(file, old)).map { _ in }
    }

    /// Gives back the blocks and stops following. Called when nobody has been here for a while.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        watch?.cancel()
        for address in view.peers.keys { names.setRemote(remoteName(address), nil) }
        guard session.isUp else { return }
        let claim = Array(BlockClaim(node: session.node).json.text.utf8)
        for block in view.ownBlocks {
            let key = session.root.text(.block(network: network.id, block))
            let release = StoreTransaction(
                conditions: [.holds(key, claim)], operations: [.delete(key)])
            // Where it cannot be told the block stays this node's.
            session.store.commit(release).whenFailure { _ in }
        }
    }

    /// What is served, for a person.
    var status: JSONValue {
        var object = JSONObject()
        object.set("name", network.name)
        object.set("id", network.id)
        object.set("bridge", network.bridgeName)
        object.set("vxlan", network.vxlanName)
        object.set("containers", attachments.count)
        object.set("unannounced", attachments.values.count { !$0.isAnnounced })
        object.set("peers", view.peers.count)
        object.set("blocks", view.ownBlocks.map { "\($0)" })
        object.set("following", watch != nil)
        return object.value
    }
}
