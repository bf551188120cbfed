internal import JSON
package import Kernel

/// What a start leaves in the bundle: `started.json`. It is there before the program runs, and goes when its end is dealt with.
package struct Running: Hashable, Sendable {
    /// The container's first process, as the host counts.
    package var process: UniqueProcess
    /// conmon.
    package var monitor: UniqueProcess
    /// Nanoseconds since 1970.
    package var started: Int64
    /// Tells this start from all others.
    package var token: String

    init(process: UniqueProcess, monitor: UniqueProcess, started: Int64, token: String) {
        self.process = process
        self.monitor = monitor
        self.started = started
        self.token = token
    }

    init(_ value: JSONValue) throws(JSONError) {
        let reader = JSONReader(value)
        process = try Self.identity(try reader.required("process"))
        monitor = try Self.identity(try reader.required("monitor"))
        started = try reader.required("started").integer()
        token = try reader.required("token").string()
    }

    var value: JSONValue {
        var object = JSONObject()
        object.set("process", process.text)
        object.set("monitor", monitor.text)
        object.set("started", started)
        object.set("token", token)
        return object.value
    }

    private static func identity(_ reader: JSONReader) throws(JSONError) -> UniqueProcess {
        guard let identity = UniqueProcess(text: try reader.string()) else {
            throw reader.notAllowed("no process: a pid and its start time are expected")
        }
        return identity
    }
}
