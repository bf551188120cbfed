import Addressing
import CNIPlugin
import CNISpec
import JSON
import Kernel
import NetdClient
import OverlayControl

/// The record of an attachment, and the daemon that gives it what it needs on this host.
struct Registration {
    private let request: OverlayRequest
    private let client: NetdClient
    private var keys: Keys { request.configuration }

    init(_ request: OverlayRequest) {
        self.request = request
        var client = NetdClient(
            request.configuration.paths, program: request.configuration.program)
        // The daemon itself gives up sooner, and says why.
        client.patience = 4000
        self.client = client
    }

    private var directory: String { client.paths.records(.overlay) }

    private func path(_ file: String) -> String { client.paths.record(.overlay, file) }

    /// What the daemon is to know.
    func record(_ wishes: Wishes) -> OverlayRecord {
        OverlayRecord(
            network: keys.network, containerID: request.containerID, interface: request.interface,
            namespace: request.networkNamespace, address: wishes.address)
    }

    /// Writes the record, and answers what the container gets.
    ///
    /// The network's devices are there then, and the other hosts know of the container.
    func add(_ record: OverlayRecord) throws(CNIError) -> OverlayAssignment {
        try checkName()
        try system { () throws(SystemError) in
            try makeDirectories(client.paths.run, mode: 0o755)
            try makeDirectories(directory, mode: 0o700)
            let text = record.json.text + "\n"
            try replaceFile(path(record.fileName), Array(text.utf8), mode: 0o600)
        }
        return try sync(record.fileName)
    }

    private func sync(_ file: String) throws(CNIError) -> OverlayAssignment {
        let answer = try asking { () throws(NetdError) in try client.sync(.overlay, file) }
        do throws(JSONError) { return try OverlayAssignment(try answer.required("assignment")) } catch {
            throw CNIError(.ioFailure, "apus-netd has not said what the container gets", details: "\(error)")
        }
    }

    /// Takes the record away, if it is there. A daemon that is not there or does not answer finds that later.
    func remove() throws(CNIError) {
        try checkName()
        try withdraw(fileName(request.attachment))
    }

    private func withdraw(_ file: String) throws(CNIError) {
        // Without a directory the daemon has nothing to be told.
        guard try system({ () throws(SystemError) in try isPresent(directory) }) else { return }
        try system { () throws(SystemError) in
            try removeFileIfPresent(path(file))
            try removeFileIfPresent(path(file) + ".new")
        }
        do throws(NetdError) { try client.syncIfRunning(.overlay, file) } catch { note("overlay: \(error)") }
    }

    /// Takes away the records of the network which belong to none of `valid`.
    func removeAll(except valid: Set<Attachment>) throws(CNIError) {
        try checkName()
        let names = try system { () throws(SystemError) in try listDirectoryIfPresent(directory) }
        let kept = Set(valid.map(fileName))
        var errors = FirstError()
        for file in names where file.hasPrefix(keys.network.name + ":") && file.hasSuffix(".json") {
            if kept.contains(file) { continue }
            errors.attempt { () throws(CNIError) in try withdraw(file) }
        }
        try errors.throwIfAny()
    }

    private func fileName(_ attachment: Attachment) -> String {
        OverlayRecord(
            network: keys.network, containerID: attachment.containerID, interface: attachment.interface,
            namespace: ""
        ).fileName
    }

    /// The key becomes part of a file's name.
    private func checkName() throws(CNIError) {
        do throws(CNIError) { try Naming.checkNetworkName(keys.network.name) } catch {
            throw CNIError(error.code, "network: \(error.message)", details: error.details)
        }
    }

    /// What the container got, by its record, which must be as ``add(_:)`` left it.
    func check(_ record: OverlayRecord) throws(CNIError) -> OverlayAssignment {
        if request.repairs { try repair(record) }
        guard var stored = try read(record.fileName) else {
            throw CNIError(
                .pluginSpecific, "the record of the attachment is missing", details: path(record.fileName))
        }
        guard let assignment = stored.assignment else {
            throw CNIError(
                .pluginSpecific, "apus-netd does not serve the attachment", details: path(record.fileName))
        }
        stored.assignment = nil
        // Put back, it asks for what the container has.
        if record.address == nil { stored.address = nil }
        guard stored == record else {
            throw CNIError(
                .pluginSpecific, "the record of the attachment has changed",
                details: "\(path(record.fileName)) has \(stored.json.text) instead of "
                    + record.json.text)
        }
        return assignment
    }

    /// Puts the record back, with what the container has; one that is there is only served again.
    private func repair(_ record: OverlayRecord) throws(CNIError) {
        if try read(record.fileName) == nil {
            var lost = record
            let addresses = request.previousResult?.addresses(of: request.interface) ?? []
            lost.address = addresses.map(\.address.address).first { $0.family == .v4 }
            _ = try add(lost)
        } else {
            _ = try sync(record.fileName)
        }
    }

    /// Asks the daemon, which has to run, whether it still serves the record like that.
    func checkService(_ record: OverlayRecord, _ assignment: OverlayAssignment) throws(CNIError) {
        guard client.isRunning else {
            throw CNIError(
                .pluginSpecific, "apus-netd does not run: nobody tells this host of containers on others",
                details: "the next ADD starts it, or apus-netd --daemon")
        }
        let now = try sync(record.fileName)
        guard now == assignment else {
            throw CNIError(
                .pluginSpecific, "apus-netd serves the attachment otherwise",
                details: "it has \(now.json.value.text) instead of \(assignment.json.value.text)")
        }
    }

    private func read(_ file: String) throws(CNIError) -> OverlayRecord? {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try readFile(path(file)) } catch {
            if error.errno == .noEntity { return nil }
            throw CNIError(.ioFailure, "\(error)")
        }
        do throws(JSONError) { return try OverlayRecord(JSONReader(try JSONValue(parsing: bytes))) } catch {
            throw CNIError(.pluginSpecific, "\(path(file)): \(error)")
        }
    }

    /// Whether an ADD would find the daemon, and the daemon its cluster.
    func status() throws(CNIError) {
        _ = try asking { () throws(NetdError) in try client.overlay(.store) }
    }
}

/// Asks the daemon; its refusal becomes a ``CNIError`` with the daemon's own words.
private func asking<Value>(_ body: () throws(NetdError) -> Value) throws(CNIError) -> Value {
    do throws(NetdError) { return try body() } catch {
        switch error {
        case .refused(let refusal): throw CNIError(refusal.code.number, refusal.message)
        case .missing:
            throw CNIError(.unavailable, "\(error)", details: "the key netd says where it is, too")
        case .silent: throw CNIError(.tryAgainLater, "\(error)")
        case .notStarted, .kernel: throw CNIError(.ioFailure, "\(error)")
        }
    }
}

extension NetdRefusal.Code {
    /// The number a host gets for it.
    fileprivate var number: CNIError.Code {
        switch self {
        case .storeUnreachable: .tryAgainLater
        case .storeRefused: .unavailable
        case .networkConflict, .notFound, .badRecord: .invalidConfiguration
        case .noNamespace: .invalidEnvironment
        case .addressTaken: .pluginSpecific
        case .noAddress: .tryAgainLater
        case .badCall, .portTaken, .inUse, .failed: .ioFailure
        }
    }
}
