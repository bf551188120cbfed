import JSON
import Kernel
import Suite

/// What `state` answers. runtime.md, "State".
struct ContainerState {
    let value: JSONValue

    var status: String { value.member("status")?.string ?? "" }
    var id: String { value.member("id")?.string ?? "" }
    var pid: Int32 { Int32(clamping: value.member("pid")?.integer ?? 0) }
    var bundle: String { value.member("bundle")?.string ?? "" }

    /// Reads the answer of `state`, which must be a JSON object.
    init(_ text: String) throws(Stop) {
        do throws(JSONError) {
            value = try JSONValue(parsing: Array(text.utf8))
        } catch { throw .finding(expected: "the state as JSON", seen: "\(error) in:\n\(text)") }
        guard case .object = value else { throw .finding(expected: "the state as a JSON object", seen: text) }
    }
}

extension ContainerBench {
    /// The state of a container that must be there.
    func state(_ id: String? = nil) throws(Stop) -> ContainerState {
        let answer = try call(["state", id ?? self.id])
        try require(answer.isSuccess, "the state of the container", seen: answer.text)
        return try ContainerState(answer.output)
    }

    /// Fails unless the container is in the state `status`.
    func expect(_ status: String, _ id: String? = nil) throws(Stop) {
        let seen = try state(id).status
        try require(seen == status, "a container that is \(status)", seen: "it is \(seen)")
    }

    /// Waits until the container is in the state `status`; ten seconds at most.
    func waitUntil(_ status: String, _ id: String? = nil) throws(Stop) {
        let deadline = monotonicMilliseconds() + 10_000
        var seen = ""
        while monotonicMilliseconds() < deadline {
            seen = try state(id).status
            if seen == status { return }
            pause(milliseconds: 10)
        }
        throw .finding(expected: "a container that is \(status)", seen: "it is \(seen) after ten seconds")
    }

    /// Waits for the end of the container's process and takes its status; `nil` where somebody else took it.
    @discardableResult
    func awaitEnd(of pid: Int32, seconds: Int32 = 10) throws(Stop) -> ExitStatus? {
        do throws(SystemError) {
            let handle = try openProcess(pid)
            guard try waitForEnd(of: handle, milliseconds: seconds * 1000) else {
                throw SystemError(call: "wait", subject: "the container's process", errno: .tryAgain)
            }
        } catch {
            guard error.errno == .noProcess else {
                throw .finding(expected: "an end of the container's process", seen: "\(error)")
            }
        }
        // The runtime's own child became ours when the runtime had ended.
        do throws(SystemError) { return try waitForExit(pid) } catch { return nil }
    }
}
