internal import JSON
internal import Kernel
internal import OCISpec

/// How `exec` came to its end.
package enum ExecEnd: Hashable, Sendable {
    case exited(Int32)
    /// Who typed it has gone; the program runs on.
    case detached
}

// A program on a terminal has a conmon, and outlives who typed `exec`.
extension Container {
    /// Runs the program on a terminal of its own, which our standard streams are connected with.
    func executeOnTerminal(_ request: ExecRequest) throws(EngineError) -> ExecEnd {
        let token = String(newIdentifier().prefix(16))
        let folder = engine.paths.executions + "/" + token
        let monitor = ExecMonitor(
            program: try engine.programPath("conmon"), runtime: try engine.runtime(of: record), id: id,
            folder: folder,
            exitCommand: [engine.program]
                + OwnCommand(.endExecution, paths: engine.paths, id: id, token: token).words)
        try write(request, into: folder)
        do throws(EngineError) { return try follow(try monitor.start(), folder, request) } catch {
            // conmon's own command does it, too, where conmon came to it.
            try? engine.removeExecution(token)
            throw error
        }
    }

    private func follow(
        _ start: consuming ExecStart, _ folder: String, _ request: ExecRequest
    ) throws(EngineError) -> ExecEnd {
        try start.awaitSocket()
        let options = AttachOptions(readsInput: true, hasTerminal: true, detachKeys: request.detachKeys)
        var session = try AttachSession(bundle: folder, process: nil, options: options)
        let pid: Int32
        do throws(EngineError) { pid = try start.begin() } catch {
            throw EngineError(ofRuntime: "exec", OCIRuntime.reason(in: "\(folder)/oci.log") ?? error.message)
        }
        // It may have ended already: there is nobody to give signals to then.
        session.process = try? UniqueProcess(of: pid)
        switch try session.run() {
        case .ended: return .exited(try start.exitCode())
        case .detached, .inputEnded: return .detached
        case .left(let signal): return .exited(128 + signal)
        }
    }

    private func write(_ request: ExecRequest, into folder: String) throws(EngineError) {
        var process = try process(for: request)
        if let size = try? windowSize(0), size.rows > 0 {
            process.consoleSize = .init(height: size.rows, width: size.columns)
        }
        try EngineError.step("write \(folder)/process.json") { () throws(SystemError) in
            try makeDirectories(folder, mode: 0o700)
            try FileDescriptor.open(
                folder + "/process.json", [.create, .exclusive, .writeOnly], mode: 0o600
            ).write(process.json.text)
        }
    }
}

extension ContainerEngine {
    /// Removes what is left of a program on a terminal.
    func removeExecution(_ token: String) throws(EngineError) {
        try EngineError.step("remove \(paths.executions)/\(token)") { () throws(SystemError) in
            for attempt in 0... {
                do throws(SystemError) { return try removeTree(token, in: paths.executions) } catch {
                    // conmon takes its sockets away at the same time.
                    guard error.errno == .noEntity, attempt < 10 else { throw error }
                }
            }
        }
    }
}
