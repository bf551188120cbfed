import CNIPlugin
import CNISpec
import JSON
import Kernel
import NetdClient
import Netlink
import Resolver

/// The record of an attachment, the daemon that answers by it, and the rules that lead there.
struct Registration {
    private let request: Request<Keys>
    private let client: NetdClient

    init(_ request: Request<Keys>) {
        self.request = request
        client = request.client
    }

    private var directory: String { client.paths.records(.names) }

    private func path(_ file: String) -> String { client.paths.record(.names, file) }

    private var file: String {
        NameRecord.fileName(
            network: request.namesNetwork, containerID: request.containerID, interface: request.interface)
    }

    /// Has the names answered, and the container ask there. All or nothing.
    func add(_ record: NameRecord) throws(CNIError) {
        let lock = try locked()
        do throws(CNIError) { try put(record) } catch {
            // The first error is the one to tell.
            try? withdraw(file, namespace: request.networkNamespace)
            throw error
        }
        _ = consume lock
    }

    private func put(_ record: NameRecord) throws(CNIError) {
        try system { () throws(SystemError) in
            try replaceFile(path(file), Array((record.json.text + "\n").utf8), mode: 0o600)
        }
        try sync(file)
        let ports = try servedPorts()
        try inNetworkNamespace(record.namespace) { () throws(CNIError) in try Redirection(ports).install() }
    }

    private func servedPorts() throws(CNIError) -> ListenerPorts {
        guard let ports = try read(file)?.ports else {
            throw CNIError(.ioFailure, "apus-netd has not said where it listens", details: path(file))
        }
        return ports
    }

    /// Takes away what ``add(_:)`` made, as far as it is there.
    func remove() throws(CNIError) {
        try request.checkNetworkName()
        guard try system({ () throws(SystemError) in try isPresent(directory) }) else { return }
        let lock = try locked()
        try withdraw(file, namespace: request.networkNamespace)
        _ = consume lock
    }

    private func withdraw(_ file: String, namespace: String) throws(CNIError) {
        var errors = FirstError()
        errors.attempt { () throws(CNIError) in
            try system { () throws(SystemError) in
                try removeFileIfPresent(path(file))
                try removeFileIfPresent(path(file) + ".new")
            }
        }
        errors.attempt { () throws(CNIError) in
            do throws(NetdError) { try client.syncIfRunning(.names, file) } catch {
                throw CNIError(.ioFailure, "\(error)")
            }
        }
        errors.attempt { () throws(CNIError) in
            // Another network of the container has its questions answered by the same rules.
            guard try !hasOthers(besides: file) else { return }
            try inNetworkNamespaceIfPresent(namespace) { () throws(CNIError) in try Redirection.remove() }
        }
        try errors.throwIfAny()
    }

    /// Whether the container of a record has another one.
    private func hasOthers(besides file: String) throws(CNIError) -> Bool {
        guard let own = Parts(file) else { return false }
        return try files().contains { $0 != file && Parts($0)?.containerID == own.containerID }
    }

    /// Takes away the records of the network which belong to none of `valid`.
    func removeAll(except valid: Set<Attachment>) throws(CNIError) {
        try request.checkNetworkName()
        guard try !files().isEmpty else { return }
        let lock = try locked()
        var errors = FirstError()
        for file in try files() {
            guard let parts = Parts(file), parts.network == request.namesNetwork,
                !valid.contains(Attachment(containerID: parts.containerID, interface: parts.interface))
            else { continue }
            errors.attempt { () throws(CNIError) in
                try withdraw(file, namespace: try namespace(in: file))
            }
        }
        _ = consume lock
        try errors.throwIfAny()
    }

    /// The container's network namespace as its record tells it; empty where a broken one does not.
    private func namespace(in file: String) throws(CNIError) -> String {
        do throws(CNIError) { return try read(file)?.namespace ?? "" } catch {
            // Without it the rules in the container would stay, with nobody left to know of them.
            guard error.code == .pluginSpecific else { throw error }
            return ""
        }
    }

    /// The names of all records.
    private func files() throws(CNIError) -> [String] {
        try system { () throws(SystemError) in try listDirectoryIfPresent(directory) }
    }

    /// Says what is not as ``add(_:)`` left it, or puts it back where the call asks for that.
    func check(_ record: NameRecord) throws(CNIError) {
        if request.repairs {
            let lock = try locked()
            try put(record)
            _ = consume lock
        }
        guard var stored = try read(file) else {
            throw CNIError(.pluginSpecific, "the record of the names is missing", details: path(file))
        }
        guard let ports = stored.ports else {
            throw CNIError(.pluginSpecific, "apus-netd does not serve the names", details: path(file))
        }
        stored.ports = nil
        guard stored == record else {
            throw CNIError(
                .pluginSpecific, "the record of the names has changed",
                details: "\(path(file)) has \(stored.json.text) instead of \(record.json.text)")
        }
        try inNetworkNamespace(record.namespace) { () throws(CNIError) in
            try Redirection(ports).check()
            // While lo is down nobody can ask, and to bring it up is another plugin's, which may come later.
            let lo = try netlink { socket throws(NetlinkError) in
                try socket.link(.name(LoopbackInterface.name))
            }
            if lo.isUp { try askOnce() }
        }
    }

    private func sync(_ file: String) throws(CNIError) {
        do throws(NetdError) { try client.sync(.names, file) } catch {
            if case .missing = error {
                throw CNIError(.unavailable, "\(error)", details: "the key netd says where it is, too")
            }
            throw CNIError(.ioFailure, "\(error)")
        }
    }

    private func read(_ file: String) throws(CNIError) -> NameRecord? {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try readFile(path(file)) } catch {
            if error.errno == .noEntity { return nil }
            throw CNIError(.ioFailure, "\(error)")
        }
        do throws(JSONError) { return try NameRecord(JSONReader(try JSONValue(parsing: bytes))) } catch {
            throw CNIError(.pluginSpecific, "\(path(file)): \(error)")
        }
    }

    /// Calls for one container would change the same rules.
    private func locked() throws(CNIError) -> FileLock? {
        try system { () throws(SystemError) in
            try makeDirectories(client.paths.run, mode: 0o755)
            try makeDirectories(directory, mode: 0o700)
            return try FileLock.take(directory, wait: true)
        }
    }

    /// What the name of a record's file says.
    private struct Parts {
        let network: String
        let containerID: String
        let interface: String

        init?(_ file: String) {
            guard file.hasSuffix(".json") else { return nil }
            let parts = file.dropLast(5).split(separator: ":", omittingEmptySubsequences: false).map(
                String.init)
            guard parts.count == 3 else { return nil }
            (network, containerID, interface) = (parts[0], parts[1], parts[2])
        }
    }
}
