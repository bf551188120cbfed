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
    let paths: NetdPaths
    private let names: NameService
    let log: Log
    let loop: any EventLoop
    let tables: TableWriter
    let settingsFile: SettingsFile
    var settings = OverlaySettings()
    /// The settings file as it was read last.
    var settingsText: [UInt8]?
    var session: Session?
    /// Nobody's before the node is needed.
    var nodeLock: NodeLock?
    var agents: [String: NetworkAgent] = [:]
    /// Attachments of an earlier life, which are taken up again when the store can be reached.
    var waiting: [String: OverlayRecord] = [:]
    /// The store could not be read when they were to be taken up.
    var mustAdopt = false
    /// The store may have something of containers which are not here any more.
    var hasLeftBehind = false
    /// Containers which are being given an address.
    private(set) var admitting: Set<EndpointID> = []

    /// Milliseconds for which a network without containers is still followed, and its blocks are kept.
    private static let patience: Int64 = 60_000

    init(
        _ paths: NetdPaths, _ settings: SettingsFile, _ names: NameService, _ log: Log, _ loop: any EventLoop
    ) {
        self.paths = paths
        settingsFile = settings
        self.names = names
        self.log = log
        self.loop = loop
        tables = TableWriter(loop)
    }

    var isEmpty: Bool { agents.isEmpty && waiting.isEmpty }

    /// Records of containers which are attached, or are taken up again.
    var files: [String] { agents.values.flatMap(\.attachments.keys) + waiting.keys }

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
            return agent.tables.reconcile().map { Self.answer(assignment) }
        }
        if let assignment = record.assignment, waiting[file]?.assignment == assignment {
            return resume(file, assignment)
        }
        return detach(file).assumeIsolated().flatMap { self.found(record) }
            .flatMap { id in self.admit(file, record, id) }.nonisolated()
            .flatMapErrorThrowing { error in throw Self.refusal(error) }
    }

    /// An attachment of an earlier life keeps what it has, also while the store cannot be reached.
    private func resume(_ file: String, _ assignment: OverlayAssignment) -> EventLoopFuture<JSONValue> {
        connected().assumeIsolated().flatMapError { error in
            self.log("overlay: \(file): taken up again later: \(error)")
            return self.loop.makeSucceededVoidFuture()
        }.flatMap {
            self.agent(of: file)?.tables.reconcile() ?? self.loop.makeSucceededVoidFuture()
        }.map { Self.answer(assignment) }.nonisolated()
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
        admitting.insert(record.endpoint)
        return Admission(agent, loop).admit(record).assumeIsolated().always { _ in
            self.admitting.remove(record.endpoint)
        }.flatMap { attachment in
            agent.attach(file, attachment)
            return self.serve(file, record, attachment, agent).assumeIsolated().flatMapError { error in
                agent.detach(file).flatMapThrowing { throw error }
            }.nonisolated()
        }.nonisolated()
    }

    private func serve(
        _ file: String, _ record: OverlayRecord, _ attachment: NetworkAgent.Attachment, _ agent: NetworkAgent
    ) -> EventLoopFuture<JSONValue> {
        announce(file, agent).assumeIsolated().flatMap { agent.tables.prepare() }
            .flatMapThrowing { try self.keep(file, record, attachment, agent) }.nonisolated()
    }

    /// Puts the endpoint. Where the store cannot be reached the container gets its address all the same: it is of this node's own
    /// block, and the store learns of it later. So it is when the node's lease has ended meanwhile: with the next one all is put anew.
    private func announce(_ file: String, _ agent: NetworkAgent) -> EventLoopFuture<Void> {
        agent.announce(file).assumeIsolated().flatMapErrorThrowing { error in
            guard let error = error as? StoreError else { throw error }
            if error == .leaseGone {
                agent.session.leaseHasGone()
            } else if !error.isTemporary {
                throw error
            }
            self.log("overlay: \(file): told to the store later: \(error)")
        }.nonisolated()
    }

    private func logFailure(of future: EventLoopFuture<Void>, _ what: String) {
        future.assumeIsolated().whenFailure { error in self.log("overlay: \(what)\(error)") }
    }

    /// Writes what the container got into its record: the next life of the daemon finds it there.
    private func keep(
        _ file: String, _ old: OverlayRecord, _ attachment: NetworkAgent.Attachment, _ agent: NetworkAgent
    ) throws(NetdRefusal) -> JSONValue {
        var record = old
        let assignment = OverlayAssignment(
            agent.network, address: attachment.address, mtu: agent.mtu, vtep: agent.session.uplink.address,
            port: settings.port)
        record.assignment = assignment
        let isKept: Bool
        do throws(SystemError) {
            isKept = try paths.replace(.overlay, file, old, with: record.json) {
                (reader) throws(JSONError) in try OverlayRecord(reader)
            }
        } catch { throw NetdRefusal(.failed, "\(error)") }
        guard isKept else {
            throw NetdRefusal(.failed, "\(file) was removed or replaced before it was served")
        }
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
        hasLeftBehind = true
        // The network's last one takes its devices with it, also when the store cannot be reached. They are another's
        // where another daemon is the node.
        if nodeLock != nil, let assignment = record.assignment,
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
    func follow(_ network: OverlayNetwork) -> EventLoopFuture<String> {
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

    // MARK: Now and then

    /// Compares the kernel with what should be, and lets go of what nobody uses.
    func look() {
        let now = monotonicMilliseconds()
        for (id, agent) in agents {
            if let since = agent.emptySince, now - since >= Self.patience, !agent.hasLeftBehind {
                agents[id] = nil
                agent.close()
            }
        }
        guard let session else {
            if !waiting.isEmpty { logFailure(of: connected(), "") }
            return
        }
        guard !isEmpty else { return }
        tables.uplink(settings.vtep, isLocal: settings.isLocal).assumeIsolated().whenSuccess { uplink in
            session.move(to: uplink)
        }
        guard session.isUp else { return }
        let adopted = mustAdopt ? adoptAll() : loop.makeSucceededVoidFuture()
        adopted.assumeIsolated().whenSuccess {
            self.logFailure(of: self.sweep(), "what has left is taken out of the store later: ")
            for agent in self.agents.values {
                let done = agent.announceMissing().assumeIsolated().flatMap { agent.tables.look() }
                    .nonisolated()
                self.logFailure(of: done, "\(agent.network.name): ")
            }
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
        case let refused as Refused: NetdRefusal(.failed, refused.reason)
        case let error as StoreError where error.isTemporary:
            NetdRefusal(.storeUnreachable, "the cluster's store cannot be reached: \(error)")
        case let error as StoreError: NetdRefusal(.storeRefused, "the cluster's store refuses: \(error)")
        default: NetdRefusal(.failed, "\(error)")
        }
    }
}
