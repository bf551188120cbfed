import Addressing
import JSON
import Kernel
import NIOCore
import NetdClient
import OverlayControl
import OverlayStore

/// Networks of several hosts: records in; addresses, devices and tables of this node out.
///
/// What this node's containers have stands in the records, what the cluster has in the store: killed at any moment, it finds both.
final class OverlayService {
    private let paths: NetdPaths
    private let names: NameService
    let log: Log
    let loop: any EventLoop
    let tables: TableWriter
    private let settingsPath: String
    private var settings = OverlaySettings()
    /// The settings file as it was read last.
    private var settingsText: [UInt8]?
    private var session: Session?
    private var agents: [String: NetworkAgent] = [:]
    /// Attachments of an earlier life, which are taken up again when the store can be reached.
    private var waiting: [String: OverlayRecord] = [:]

    /// Milliseconds for which a network without containers is still followed, and its blocks are kept.
    private static let patience: Int64 = 60_000

    init(_ paths: NetdPaths, _ settingsPath: String, _ names: NameService, _ log: Log, _ loop: any EventLoop)
    {
        self.paths = paths
        self.settingsPath = settingsPath
        self.names = names
        self.log = log
        self.loop = loop
        tables = TableWriter(loop)
    }

    var isEmpty: Bool { agents.isEmpty && waiting.isEmpty }

    // MARK: Records

    /// Takes up what an earlier life has left. Nobody waits for the store: containers go on without it.
    func load() {
        for file in recordFiles(in: paths.records(.overlay)) {
            do throws(NetdRefusal) {
                if let record = try read(file), record.assignment != nil { waiting[file] = record }
            } catch { log("\(file): \(error)") }
        }
        let used = Set(waiting.values.compactMap(\.assignment?.networkID))
        // Devices of networks which have no container here any more.
        logFailure(of: tables.removeStrays(besides: used), "")
        if !waiting.isEmpty { logFailure(of: connected(), "") }
    }

    /// Looks at a record again.
    func sync(_ file: String) -> EventLoopFuture<JSONValue> {
        do throws(NetdRefusal) {
            guard let record = try read(file) else { return detach(file).map { Daemon.done } }
            return attach(file, record)
        } catch { return loop.makeFailedFuture(error) }
    }

    private func read(_ file: String) throws(NetdRefusal) -> OverlayRecord? {
        try readRecord(paths.record(.overlay, file)) { (reader) throws(JSONError) in try OverlayRecord(reader)
        }
    }

    private func attach(_ file: String, _ record: OverlayRecord) -> EventLoopFuture<JSONValue> {
        if let agent = agent(of: file), let assignment = record.assignment,
            agent.network.id == assignment.networkID,
            agent.attachments[file]?.address == assignment.address.address
        {
            return agent.reconcile().map { Self.answer(assignment) }
        }
        return detach(file).assumeIsolated().flatMap { self.found(record) }
            .flatMap { id in self.admit(file, record, id) }.nonisolated()
            .flatMapErrorThrowing { error in throw Self.refusal(error) }
    }

    private func agent(of file: String) -> NetworkAgent? {
        agents.values.first { $0.attachments[file] != nil }
    }

    private func agent(_ id: String) throws(NetdRefusal) -> NetworkAgent {
        guard let agent = agents[id] else { throw NetdRefusal(.notFound, "the network has been removed") }
        return agent
    }

    /// Gives the container what it gets on the network with that ID. All or nothing; the first error is the one to tell.
    private func admit(_ file: String, _ record: OverlayRecord, _ id: String) -> EventLoopFuture<JSONValue> {
        let agent: NetworkAgent
        do throws(NetdRefusal) { agent = try self.agent(id) } catch { return loop.makeFailedFuture(error) }
        return Admission(agent, loop).admit(record).assumeIsolated().flatMap { attachment in
            agent.attach(file, attachment)
            return self.serve(file, record, attachment, agent).assumeIsolated().flatMapError { error in
                agent.detach(file).flatMapThrowing { throw error }
            }.nonisolated()
        }.nonisolated()
    }

    private func serve(
        _ file: String, _ record: OverlayRecord, _ attachment: NetworkAgent.Attachment, _ agent: NetworkAgent
    ) -> EventLoopFuture<JSONValue> {
        announce(file, agent).assumeIsolated().flatMap { agent.reconcile() }
            .flatMapThrowing { try self.keep(file, record, attachment, agent) }.nonisolated()
    }

    /// Puts the endpoint. Where the store cannot be reached the container gets its address all the same: it is of this node's own
    /// block, and the store learns of it later.
    private func announce(_ file: String, _ agent: NetworkAgent) -> EventLoopFuture<Void> {
        agent.announce(file).assumeIsolated().flatMapErrorThrowing { error in
            guard let error = error as? StoreError, error.isTemporary else { throw error }
            self.log("overlay: \(file): told to the store later: \(error)")
        }.nonisolated()
    }

    private func logFailure(of future: EventLoopFuture<Void>, _ what: String) {
        future.assumeIsolated().whenFailure { error in self.log("overlay: \(what)\(error)") }
    }

    /// Writes what the container got into its record: the next life of the daemon finds it there.
    private func keep(
        _ file: String, _ record: OverlayRecord, _ attachment: NetworkAgent.Attachment, _ agent: NetworkAgent
    ) throws -> JSONValue {
        var record = record
        let assignment = OverlayAssignment(
            agent.network, address: attachment.address, mtu: agent.mtu, vtep: agent.session.uplink.address,
            port: settings.port)
        record.assignment = assignment
        do throws(SystemError) {
            try replaceFile(paths.record(.overlay, file), Array((record.json.text + "\n").utf8), mode: 0o600)
        } catch { throw NetdRefusal(.failed, "\(error)") }
        return Self.answer(assignment)
    }

    private static func answer(_ assignment: OverlayAssignment) -> JSONValue {
        var object = JSONObject()
        object.set("ok", true)
        object.set("assignment", assignment.json)
        return object.value
    }

    private func detach(_ file: String) -> EventLoopFuture<Void> {
        if let agent = agent(of: file) { return agent.detach(file) }
        guard let record = waiting.removeValue(forKey: file) else { return loop.makeSucceededVoidFuture() }
        // The network's last one takes its devices with it, also when the store cannot be reached.
        if let assignment = record.assignment,
            !waiting.values.contains(where: { $0.assignment?.networkID == assignment.networkID })
        {
            return tables.remove(assignment.networkID)
        }
        return loop.makeSucceededVoidFuture()
    }

    /// A container is called something else.
    func namesChanged(_ file: String) { agent(of: file)?.namesChanged(file) }

    // MARK: Networks

    /// The ID of the record's network, which is followed, and made in the store where it is not there yet.
    private func found(_ record: OverlayRecord) -> EventLoopFuture<String> {
        let wish = record.network
        return registry { registry in
            if let agent = self.agents.values.first(where: { $0.network.name == wish.name }) {
                return self.checked(agent, wish)
            }
            return registry.ensure(wish, id: nil, created: currentTimestamp())
                .assumeIsolated().flatMap { self.follow($0) }.nonisolated()
        }
    }

    private func checked(_ agent: NetworkAgent, _ wish: NetworkWish) -> EventLoopFuture<String> {
        if let conflict = wish.conflict(with: agent.network) {
            return loop.makeFailedFuture(NetdRefusal(.networkConflict, conflict))
        }
        return loop.makeSucceededFuture(agent.network.id)
    }

    /// Follows a network; the answer is its ID.
    private func follow(_ network: OverlayNetwork) -> EventLoopFuture<String> {
        let id = network.id
        if agents[id] != nil { return loop.makeSucceededFuture(id) }
        guard let session else {
            return loop.makeFailedFuture(NetdRefusal(.failed, "the settings have changed"))
        }
        let agent = NetworkAgent(network, session, tables, names, settings, log, loop)
        agents[id] = agent
        return agent.follow().assumeIsolated().map { id }.flatMapErrorThrowing { error in
            self.agents[id] = nil
            throw error
        }.nonisolated()
    }

    /// A network has been removed from the cluster.
    func forget(_ network: OverlayNetwork) {
        agents.removeValue(forKey: network.id)?.close()
    }

    // MARK: The cluster

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
    private func connected() -> EventLoopFuture<Void> {
        do throws(NetdRefusal) { try readSettings() } catch { return loop.makeFailedFuture(error) }
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
        let text: [UInt8]
        do throws(SystemError) { text = try readFile(settingsPath) } catch {
            guard error.errno == .noEntity else { throw NetdRefusal(.failed, "\(error)") }
            text = Array("{}".utf8)
        }
        guard text != settingsText else { return }
        if session != nil, !isEmpty {
            return log(
                "overlay: \(settingsPath) has changed: it counts once no network has a container here, or after a restart"
            )
        }
        do throws(JSONError) {
            settings = try OverlaySettings(JSONReader(try JSONValue(parsing: text)))
        } catch { throw NetdRefusal(.failed, "\(settingsPath): \(error)") }
        settingsText = text
        session?.close()
        session = nil
    }

    // MARK: Now and then

    /// Compares the kernel with what should be, and lets go of what nobody uses.
    func look() {
        let now = monotonicMilliseconds()
        for (id, agent) in agents {
            if let since = agent.emptySince, now - since >= Self.patience {
                agents[id] = nil
                agent.close()
            }
        }
        guard let session, !isEmpty else { return }
        tables.uplink(settings.vtep, isLocal: settings.isLocal).assumeIsolated().whenSuccess { uplink in
            session.move(to: uplink)
        }
        guard session.isUp else { return }
        for agent in agents.values {
            let done = agent.announceMissing().assumeIsolated().flatMap { agent.reconcile() }.nonisolated()
            logFailure(of: done, "\(agent.network.name): ")
        }
    }

    /// What is served, for a person.
    var status: JSONValue {
        var object = JSONObject()
        object.set("store", settings.isLocal ? "local" : settings.endpoints.joined(separator: " "))
        object.set("node", session?.node)
        object.set("connected", session?.isUp ?? false)
        object.set("waiting", waiting.keys.sorted())
        let sorted = agents.values.sorted { $0.network.name < $1.network.name }
        object.set("networks", .array(sorted.map(\.status)))
        return object.value
    }

    /// What an error of the store is to whoever asked.
    static func refusal(_ error: any Error) -> NetdRefusal {
        switch error {
        case let refusal as NetdRefusal: refusal
        case let error as StoreError where error.isTemporary:
            NetdRefusal(.storeUnreachable, "the cluster's store cannot be reached: \(error)")
        case let error as StoreError: NetdRefusal(.storeRefused, "the cluster's store refuses: \(error)")
        default: NetdRefusal(.failed, "\(error)")
        }
    }
}

extension OverlayService: SessionListener {
    func sessionBegan() -> EventLoopFuture<Void> {
        adoptAll().assumeIsolated().flatMap {
            let all = self.agents.values.map { agent in
                agent.follow().assumeIsolated().flatMap { agent.announceAll() }
                    .flatMap { agent.reconcile() }.nonisolated()
            }
            return EventLoopFuture.andAllComplete(all, on: self.loop)
        }.nonisolated()
    }

    /// Takes up what an earlier life has left, as the records say.
    private func adoptAll() -> EventLoopFuture<Void> {
        guard !waiting.isEmpty, let session else { return loop.makeSucceededVoidFuture() }
        let networks = Registry(session, tables, log, loop).networks()
        return networks.assumeIsolated().flatMap { networks in
            let adopted = self.waiting.map { file, record in
                self.adopt(file, record, networks).assumeIsolated().flatMapErrorThrowing { error in
                    self.log("overlay: \(file): not taken up again: \(error)")
                }.nonisolated()
            }
            return EventLoopFuture.andAllComplete(adopted, on: self.loop)
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

    func nodesChanged(_ nodes: [String: OverlayNode]) {
        for agent in agents.values { agent.nodesChanged() }
    }
}
