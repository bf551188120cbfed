internal import JSON
internal import Kernel

/// Who waits to start the container again, and until when: `restarting.json` in the bundle.
struct PendingRestart: Hashable {
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
    var restartPath: String { bundle + "/restarting.json" }

    func pendingRestart() throws(EngineError) -> PendingRestart? {
        guard let value = try readRecord(restartPath) else { return nil }
        return try EngineError.reading(restartPath) { () throws(JSONError) in try PendingRestart(value) }
    }
}
