internal import JSON
internal import Kernel

/// Who is to start the container again, and when: `restarting.json` in the bundle, up to that start.
struct PendingRestart: Hashable {
    static let file = "restarting.json"

    var supervisor: UniqueProcess
    /// Nanoseconds since 1970.
    var at: Int64

    init(supervisor: UniqueProcess, at: Int64) {
        self.supervisor = supervisor
        self.at = at
    }

    init(_ value: JSONValue) throws(JSONError) {
        let reader = JSONReader(value)
        let member = try reader.required("supervisor")
        guard let identity = UniqueProcess(text: try member.string()) else {
            throw member.notAllowed("no process: a pid and its start time are expected")
        }
        supervisor = identity
        at = try reader.required("at").integer()
    }

    var value: JSONValue {
        var object = JSONObject()
        object.set("supervisor", supervisor.text)
        object.set("at", at)
        return object.value
    }
}

extension Container {
    private var restartPath: String { "\(bundle)/\(PendingRestart.file)" }

    /// Whether somebody is there who is to start it again.
    var isToBeStarted: Bool { (try? pendingRestart())?.supervisor.isAlive ?? false }

    func pendingRestart() throws(EngineError) -> PendingRestart? {
        guard let value = try readRecord(restartPath) else { return nil }
        return try EngineError.reading(restartPath) { () throws(JSONError) in try PendingRestart(value) }
    }

    func write(_ restart: PendingRestart) throws(EngineError) {
        try EngineError.step("make \(bundle)") { () throws(SystemError) in
            try makeDirectories(bundle, mode: 0o711)
        }
        try writeRecord(restartPath, restart.value, isDurable: false)
    }

    /// Whoever is to start it again sees that his note has gone.
    func cancelRestart() throws(EngineError) {
        try EngineError.step("cancel a restart") { () throws(SystemError) in
            try removeFileIfPresent(restartPath)
        }
    }
}

extension UniqueProcess {
    /// This process.
    static func current() throws(EngineError) -> UniqueProcess {
        try EngineError.step("find this process") { () throws(SystemError) in
            try UniqueProcess(of: processID())
        }
    }
}
