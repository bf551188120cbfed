internal import JSON
internal import Kernel
internal import OCISpec

/// A program to run in a container that runs: `exec`.
package struct ExecRequest: Sendable {
    package var command: [String]
    package var environment: [String] = []
    /// `nil` is the container's own.
    package var workingDirectory: String?
    package var user: String?
    package var hasTerminal = false
    package var keepsInputOpen = false
    package var isDetached = false
    package var isPrivileged = false
    /// What one types to leave a program that has a terminal and our standard input.
    package var detachKeys = DetachKeys.standard

    package init(command: [String]) { self.command = command }
}

extension Container {
    /// Runs a program in the container, on this process' standard streams; one in the background has ended with 0.
    package func execute(_ request: ExecRequest) throws(EngineError) -> ExecEnd {
        switch try state() {
        case .running: break
        case .paused:
            throw EngineError(
                "Container \(record.name) is paused, unpause the container before exec", .conflict)
        case .restarting:
            throw EngineError("Container \(id) is restarting, wait until the container is running", .conflict)
        default: throw EngineError("container \(id) is not running", .conflict)
        }
        // Wrong keys are told before anything is done.
        _ = try DetachKeys(request.detachKeys)
        tell("exec_start: " + request.command.joined(separator: " "))
        if request.hasTerminal, request.keepsInputOpen, !request.isDetached {
            return try executeOnTerminal(request)
        }
        return .exited(try executeDirectly(request))
    }

    private func executeDirectly(_ request: ExecRequest) throws(EngineError) -> Int32 {
        let runtime = try engine.runtime(of: record)
        let files = try ExecFiles(self, request)
        defer { files.remove() }
        let words =
            runtime.options(log: files.log) + ["exec", "--process", files.document]
            + (request.isDetached ? ["--detach"] : []) + [id]
        let status = try foreground(runtime, words, keepsInputOpen: request.keepsInputOpen)
        // The runtime has said on standard error why it could not; its own exit code says less than Docker's.
        if status != 0, let reason = OCIRuntime.reason(in: files.log) {
            let kind = EngineError(ofRuntime: "exec", reason).kind
            return kind == .failed ? status : kind.exitCode
        }
        return status
    }

    /// Runs the runtime on our standard streams until its end. Signals of the terminal reach both, and are the program's to deal with.
    private func foreground(
        _ runtime: OCIRuntime, _ words: [String], keepsInputOpen: Bool
    ) throws(EngineError) -> Int32 {
        try EngineError.step("run \(runtime.path)") { () throws(SystemError) in
            let signals = try SignalQueue(of: [
                Signal.interrupt, Signal.terminate, Signal.hangUp, Signal.quit,
            ])
            defer { keep(signals) }
            switch try cloneProcess() {
            case .child:
                do throws(SystemError) {
                    unblockSignals()
                    if !keepsInputOpen {
                        let nothing = try FileDescriptor.open("/dev/null")
                        try installDescriptor(nothing.rawValue, as: 0)
                    }
                    try Kernel.execute(
                        runtime.path, arguments: [runtime.path] + words, environment: runtime.environment)
                } catch {
                    writeError(Array("\(error)\n".utf8))
                    exitNow(126)
                }
            case .parent(let pid, let handle):
                while !(try waitForReadiness([(handle.rawValue, .readable), (signals.descriptor, .readable)])[
                    0
                ].contains(.readable)) {
                    for signal in try signals.take() { try? sendSignal(signal, to: handle) }
                }
                return try waitForExit(pid).code
            }
        }
    }

    private func keep(_ signals: borrowing SignalQueue) {}

    func process(for request: ExecRequest) throws(EngineError) -> Process {
        let path = bundle + "/config.json"
        guard let value = try readRecord(path) else { throw EngineError("\(path) is missing") }
        let configuration = try EngineError.reading(path) { () throws(JSONError) in
            try Configuration(decoding: JSONReader(value))
        }
        var process = configuration.process ?? Process()
        process.args = request.command
        if let user = request.user {
            let identity = try Accounts(rootfs: root).identity(of: user, added: record.groups)
            process.become(identity, keepsHome: record.environment.contains { $0.hasPrefix("HOME=") })
        }
        if request.isPrivileged { process.grant(try ownCapabilities()) }
        process.env = replacing(process.env, with: request.environment)
        process.terminal = request.hasTerminal
        if request.hasTerminal, !process.env.contains(where: { $0.hasPrefix("TERM=") }) {
            process.env.append("TERM=xterm")
        }
        if let directory = request.workingDirectory { process.cwd = directory }
        return process
    }
}
