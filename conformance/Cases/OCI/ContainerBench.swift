import JSON
import Kernel
package import Suite

/// A bundle with nothing in it but the probe, and the containers a case makes of it.
package final class ContainerBench: Bench {
    /// The runtime the case calls.
    var runtime: Runtime
    /// The program of the runtime under test, whatever copy of it the case calls.
    let original: String
    let recorder: Recorder
    /// What `config.json` says when a container is created.
    var config: Document
    /// The name of the container cases are about. Nobody else on this machine has it.
    let id: String
    /// Where everything of the case is; the files of others stand beside the bundle.
    let home = "/tmp/conformance"
    /// The containers this case has tried to make.
    private var attempted: [String] = []

    var bundle: String { home + "/bundle" }
    var rootfs: String { bundle + "/rootfs" }
    /// Where the standard output of containers goes.
    var output: String { home + "/output" }

    package init(_ runtime: Runtime, _ recorder: Recorder) throws(Stop) {
        self.runtime = runtime
        original = runtime.path
        self.recorder = recorder
        id = "conformance-" + (try randomName())
        config = .minimal(cgroup: runtime.cgroup + "/" + id)
        try prepare("the bundle") { () throws(SystemError) in
            try makeDirectories(rootfs, mode: 0o755)
            try copyProgram(runtime.probe, to: rootfs + "/probe")
        }
        recorder.record(Step(command: ["install", "-D", runtime.probe, rootfs + "/probe"]))
    }
}

/// Does a part of the suite's own work, which must not fail.
func prepare<Value: ~Copyable>(
    _ what: String, _ body: () throws(SystemError) -> Value
) throws(Stop) -> Value {
    do throws(SystemError) { return try body() } catch { throw .trouble("cannot prepare \(what): \(error)") }
}

/// Copies a program, which may then be executed.
func copyProgram(_ source: String, to target: String) throws(SystemError) {
    let old = try FileDescriptor.open(source)
    let new = try FileDescriptor.open(target, [.writeOnly, .create, .truncate], mode: 0o755)
    try old.copyContent(to: new)
    try new.changeMode(0o755)
}

private func randomName() throws(Stop) -> String {
    let bytes = try prepare("a name") { () throws(SystemError) in
        try FileDescriptor.open("/dev/urandom").read(upTo: 6)
    }
    return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// The operations. runtime.md, "Operations".
extension ContainerBench {
    /// Writes `config.json` and calls `create`. What the container prints goes to ``output``.
    @discardableResult
    func create(
        _ id: String? = nil, bundle: String? = nil, options: [String] = [], environment: [String] = []
    ) throws(Stop) -> Answer {
        try writeConfig()
        attempted.append(id ?? self.id)
        return try call(
            ["create", "--bundle", bundle ?? self.bundle] + options + [id ?? self.id],
            environment: environment,
            redirected: true)
    }

    /// Writes `config.json`, where a person who repeats the case finds it, too.
    func writeConfig() throws(Stop) {
        let path = bundle + "/config.json"
        let text = config.value.prettyText(indent: " ") + "\n"
        recorder.record(Step(command: ["tee", path], input: text))
        try prepare("config.json") { () throws(SystemError) in
            try FileDescriptor.open(path, [.writeOnly, .create, .truncate], mode: 0o644).write(text)
        }
    }

    @discardableResult
    func start(_ id: String? = nil) throws(Stop) -> Answer { try call(["start", id ?? self.id]) }

    @discardableResult
    func kill(_ id: String? = nil, _ signal: String = "KILL") throws(Stop) -> Answer {
        try call(["kill", id ?? self.id, signal])
    }

    @discardableResult
    func delete(_ id: String? = nil) throws(Stop) -> Answer { try call(["delete", id ?? self.id]) }

    /// Creates the container, which must be possible; answers its state.
    @discardableResult
    func mustCreate(_ id: String? = nil, options: [String] = []) throws(Stop) -> ContainerState {
        let answer = try create(id, options: options)
        try require(answer.isSuccess, "create succeeds", seen: answer.text)
        return try state(id)
    }

    /// Starts the container, which must be possible.
    func mustStart(_ id: String? = nil) throws(Stop) {
        let answer = try start(id)
        try require(answer.isSuccess, "start succeeds", seen: answer.text)
    }

    /// Creates a container, which must be an error that leaves none behind.
    func mustRefuse(_ what: String) throws(Stop) {
        let answer = try create()
        try require(!answer.isSuccess, "an error from create: \(what)", seen: answer.text)
        let state = try call(["state", id])
        try require(!state.isSuccess, "no container after the error", seen: state.text)
    }

    /// Calls the runtime. `redirected`: what the command and its container print goes to ``output``.
    @discardableResult
    func call(
        _ words: [String], environment: [String] = [], redirected: Bool = false, seconds: Int32 = 20
    ) throws(Stop) -> Answer {
        var step = Step(command: [runtime.path] + runtime.options + words)
        if !environment.isEmpty { step.environment = environmentWords() + environment }
        let answer =
            redirected
            ? try Self.perform(step, into: output, seconds)
            : try Recorder.runUnrecorded(step, seconds: seconds)
        step.status = answer.status?.text ?? "killed after \(seconds) s"
        step.output = answer.output
        step.errors = answer.errors
        recorder.record(step)
        return answer
    }

    /// Runs a step with its standard output, and that of what it starts, at the end of `file`.
    private static func perform(_ step: Step, into file: String, _ seconds: Int32) throws(Stop) -> Answer {
        var program = Program(
            path: step.command[0], arguments: step.command,
            environment: step.environment ?? environmentWords())
        program.timeout = seconds * 1000
        do throws(SystemError) {
            let target = try FileDescriptor.open(file, [.writeOnly, .create, .append], mode: 0o666)
            let before = try withStandardOutput { stream throws(SystemError) in
                try stream.duplicate().release()
            }
            let saved = FileDescriptor(owning: before)
            try installDescriptor(target.rawValue, as: 1)
            let result: ProgramResult
            do throws(SystemError) { result = try program.run() } catch {
                try installDescriptor(saved.rawValue, as: 1)
                throw error
            }
            try installDescriptor(saved.rawValue, as: 1)
            return Answer(status: result.status, output: "", errors: result.errorText)
        } catch { throw .trouble("cannot run \(step.command[0]): \(error)") }
    }

    /// Kills and deletes what the case has made, whatever state it is in. Not part of the case.
    func cleanUp() {
        for id in Set(attempted) {
            let words = [runtime.path] + runtime.options + ["delete", "--force", id]
            do throws(Stop) { _ = try Recorder.runUnrecorded(Step(command: words)) } catch {}
        }
    }
}

extension ContainerBench {
    /// Runs a line of shell that makes the container; it is cleaned up like one of `create`.
    func callShell(_ line: String) throws(Stop) -> Answer {
        attempted.append(id)
        return try recorder.run(Step(command: ["/bin/sh", "-c", line]))
    }
}
