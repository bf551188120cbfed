import JSON
import Kernel
import Suite

/// What the probe reported from inside the container.
struct Sighting {
    private let lines: [JSONValue]
    /// How the container's process ended, where that could be seen.
    let status: ExitStatus?

    /// Reads the lines which the probe printed.
    init(_ text: String, status: ExitStatus?) {
        lines = text.split(separator: "\n").compactMap { line in
            do throws(JSONError) { return try JSONValue(parsing: Array(line.utf8)) } catch { return nil }
        }
        self.status = status
    }

    /// Whether the probe came so far.
    func has(_ request: String) -> Bool { line(request) != nil }

    /// The answer to `request`, which must be one.
    func value(_ request: String) throws(Stop) -> JSONValue {
        guard let line = line(request) else {
            let end = status.map { "its process ended with \($0.text)" } ?? "its process ended"
            throw .finding(expected: "a report of '\(request)' from inside the container", seen: end)
        }
        if let value = line.member("value") { return value }
        throw .finding(
            expected: "'\(request)' works inside the container",
            seen: line.member("reason")?.string ?? "an error")
    }

    /// The answer to `request` as text, without the end of its line.
    func text(_ request: String) throws(Stop) -> String {
        let value = try value(request)
        guard let text = value.string else { return value.text }
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// The kernel's number when `request` failed; `nil` when it succeeded or was not reported.
    func error(_ request: String) -> Errno? {
        line(request)?.member("error")?.integer.map { Errno(rawValue: Int32(clamping: $0)) }
    }

    /// Fails unless the answer to `request` is `wanted`.
    func expect(_ request: String, _ wanted: String) throws(Stop) {
        let seen = try text(request)
        try require(seen == wanted, "'\(request)' says \(wanted)", seen: seen)
    }

    /// Fails unless `request` failed, for the reason `wanted` where one is given.
    func expectError(_ request: String, _ wanted: Errno? = nil) throws(Stop) {
        guard let seen = error(request) else {
            throw .finding(
                expected: "'\(request)' fails inside the container", seen: try "it says \(text(request))")
        }
        guard let wanted, wanted != seen else { return }
        throw .finding(
            expected: "'\(request)' fails with \"\(wanted.reason)\"", seen: "\"\(seen.reason)\"")
    }

    private func line(_ request: String) -> JSONValue? { lines.first { $0.member("do")?.string == request } }
}

extension ContainerBench {
    /// Runs the probe as the container's process, from `create` to its end and `delete`.
    ///
    /// Each request is answered in the sighting; conformance/probe says which there are.
    func run(_ requests: String...) throws(Stop) -> Sighting { try run(requests) }

    /// Runs the probe as the container's process, from `create` to its end and `delete`.
    func run(_ requests: [String]) throws(Stop) -> Sighting {
        ask(requests)
        let state = try mustCreate()
        try mustStart()
        return try finish(state)
    }

    /// Makes the probe the container's process, with `requests` to answer.
    func ask(_ requests: [String]) {
        config.set("process.args", value: .array((["/probe"] + requests).map(JSONValue.string)))
    }

    /// Waits for the end of a container that was started, deletes it, and reads what it printed.
    func finish(_ state: ContainerState) throws(Stop) -> Sighting {
        let status = try awaitEnd(of: state.pid)
        let sighting = Sighting(try printed(), status: status)
        try delete(state.id)
        return sighting
    }

    /// What containers have printed so far.
    func printed() throws(Stop) -> String {
        guard fileExists(output) else { return "" }
        return try prepare("the output") { () throws(SystemError) in try readText(output) }
    }
}
