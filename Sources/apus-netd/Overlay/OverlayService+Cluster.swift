import Addressing
import JSON
import Kernel
import NIOCore
import NetdClient
import OverlayControl
import OverlayStore

/// This node's place in the cluster.
extension OverlayService {
    /// Works on what the store has of networks and nodes, once this node is in the cluster.
    func registry<Value: Sendable>(
        _ body: @escaping (Registry) -> EventLoopFuture<Value>
    ) -> EventLoopFuture<Value> {
        connected().assumeIsolated().flatMap {
            guard let session = self.session else {
                return self.loop.makeFailedFuture(NetdRefusal(.failed, "the settings have changed"))
            }
            return body(Registry(session, self.tables, self.log, self.loop))
        }.nonisolated()
    }

    /// Done when this node is in the cluster; fails as soon as it is known that it cannot be now.
    func connected() -> EventLoopFuture<Void> {
        do throws(NetdRefusal) {
            try readSettings()
            if nodeLock == nil { nodeLock = try NodeLock(settings) }
        } catch { return loop.makeFailedFuture(error) }
        if let session { return session.ready() }
        return tables.uplink(settings.vtep, isLocal: settings.isLocal).assumeIsolated().flatMap { uplink in
            do throws(NetdRefusal) {
                if let session = self.session { return session.ready() }
                let session = try self.makeSession(uplink)
                self.session = session
                return session.ready()
            } catch { return self.loop.makeFailedFuture(error) }
        }.nonisolated()
    }

    private func makeSession(_ uplink: Uplink) throws(NetdRefusal) -> Session {
        let identity = try NodeIdentity(settings)
        let store = try openStore(settings, log, loop)
        return Session(
            store, settings, identity, uplink, leaseFile: paths.run + "/overlay.lease", log, loop, self)
    }

    /// Reads the settings again when they have changed and nothing hangs on the old ones.
    private func readSettings() throws(NetdRefusal) {
        let text = try settingsFile.read()
        guard text != settingsText else { return }
        if session != nil, !isEmpty {
            return log(
                "overlay: \(settingsFile.path) has changed: it counts once no network has a container here, or after a restart"
            )
        }
        settings = try settingsFile.decode(text)
        settingsText = text
        session?.close()
        session = nil
        nodeLock = nil
    }
}

extension OverlayService: SessionListener {
    func sessionBegan() -> EventLoopFuture<Bool> {
        hasLeftBehind = true
        return adoptAll().assumeIsolated().flatMap {
            EventLoopFuture.andAllComplete(self.agents.values.map { $0.begin() }, on: self.loop)
        }.map {
            self.waiting.isEmpty
                && self.agents.values.allSatisfy { $0.attachments.values.allSatisfy(\.isAnnounced) }
        }.nonisolated()
    }

    /// Takes up what an earlier life has left, as the records say. What the store does not tell now is taken up by a later look.
    func adoptAll() -> EventLoopFuture<Void> {
        mustAdopt = false
        guard !waiting.isEmpty, let session else { return loop.makeSucceededVoidFuture() }
        let networks = Registry(session, tables, log, loop).networks()
        return networks.assumeIsolated().flatMap { networks in
            let adopted = self.waiting.map { file, record in
                self.adopt(file, record, networks).assumeIsolated().flatMapErrorThrowing { error in
                    self.mustAdopt = self.mustAdopt || error is StoreError
                    self.log("overlay: \(file): not taken up again: \(error)")
                }.nonisolated()
            }
            return EventLoopFuture.andAllComplete(adopted, on: self.loop)
        }.flatMapErrorThrowing { error in
            self.mustAdopt = true
            self.log("overlay: what was here before is taken up later: \(error)")
        }.nonisolated()
    }

    private func adopt(
        _ file: String, _ record: OverlayRecord, _ networks: [OverlayNetwork]
    ) -> EventLoopFuture<Void> {
        guard let session, let assignment = record.assignment else { return loop.makeSucceededVoidFuture() }
        guard let network = networks.first(where: { $0.id == assignment.networkID }) else {
            return loop.makeFailedFuture(
                NetdRefusal(.notFound, "network \(record.network.name) has been removed"))
        }
        return follow(network).assumeIsolated().map { id in
            guard self.waiting.removeValue(forKey: file) != nil, let agent = self.agents[id] else { return }
            let address = assignment.address.address
            let claim = AddressClaim(node: session.node, endpoint: record.endpoint)
            agent.attach(
                file,
                .init(id: record.endpoint, address: address, isClaimed: agent.view.claims[address] == claim))
        }.nonisolated()
    }

    /// The next try begins with what the disk says then.
    func sessionRefused() { session = nil }

    func nodesChanged(_ nodes: [String: OverlayNode]) {
        for agent in agents.values { agent.nodesChanged() }
    }
}
