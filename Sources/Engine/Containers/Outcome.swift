package import JSON

/// What happened to a container: `outcome.json`. Absent until its first start.
package struct Outcome: Hashable, Sendable {
    /// Nanoseconds since 1970; 0 is never.
    package var started: Int64 = 0
    /// Nanoseconds since 1970; 0 while it runs.
    package var finished: Int64 = 0
    package var exitCode: Int32 = 0
    package var wasOutOfMemory = false
    /// Why the last start failed.
    package var error = ""
    /// Restarts by policy since somebody started it.
    package var restarts = 0
    /// Milliseconds to wait before the next restart by policy.
    package var restartDelay: Int64 = 0
    /// Somebody stopped it: it does not start by itself.
    package var isStopped = false
    /// Members a newer version wrote.
    package var others: [JSONValue.Member] = []

    package init() {}
}

extension Outcome {
    init(_ value: JSONValue) throws(JSONError) {
        var reader = try RecordReader(value)
        started = try reader.number("started") ?? 0
        finished = try reader.number("finished") ?? 0
        exitCode = Int32(truncatingIfNeeded: try reader.number("exitCode") ?? 0)
        wasOutOfMemory = try reader.flag("outOfMemory")
        error = try reader.text("error")
        restarts = Int(try reader.number("restarts") ?? 0)
        restartDelay = try reader.number("restartDelay") ?? 0
        isStopped = try reader.flag("stopped")
        others = reader.rest
    }

    var value: JSONValue {
        var object = JSONObject()
        object.set("started", started)
        object.set("finished", finished)
        object.set("exitCode", exitCode)
        object.setFlag("outOfMemory", wasOutOfMemory)
        object.setText("error", error)
        object.set("restarts", restarts)
        object.set("restartDelay", restartDelay)
        object.setFlag("stopped", isStopped)
        object.setRest(others)
        return object.value
    }
}
