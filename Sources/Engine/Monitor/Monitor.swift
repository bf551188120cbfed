internal import JSON
internal import Kernel

/// conmon: it makes the container through the OCI runtime, and holds its terminal or pipes, writes its log, and remembers how it ended.
///
///     bundle/pid          of the container's first process
///     bundle/conmon.pid
///     bundle/ID           the exit code, once it has ended
///     bundle/oom          when it went over its memory limit
///     bundle/attach       socket of conmon's attach protocol
///     bundle/ctl          fifo which takes the size of the terminal
struct Monitor {
    let program: String
    let runtime: OCIRuntime
    let record: ContainerRecord
    let bundle: String
    let logPath: String
    /// What conmon runs when the container has ended.
    let exitCommand: [String]
    /// Whether standard input stays open when who is attached goes.
    let leavesInputOpen: Bool

    /// Has conmon create the container; answers the pid of its first process, which waits to be started.
    ///
    /// - Throws: ``EngineError`` with the runtime's reason.
    func create() throws(EngineError) -> Int32 {
        let pipe = try EngineError.step("make a pipe") { () throws(SystemError) in try Pipe() }
        var conmon = Program(path: program, arguments: [program] + (try arguments()), environment: [])
        conmon.environment = runtime.environment + ["_OCI_SYNCPIPE=\(pipe.writer.rawValue)"]
        conmon.inherited = pipe.writer.rawValue
        let result = try EngineError.step("start \(program)") { () throws(SystemError) in try conmon.run() }
        let reader = pipe.keepReader()
        guard result.status == .exited(0) else {
            throw EngineError(
                "conmon failed: \(OCIRuntime.lastLine(of: result.errorText) ?? result.status?.text ?? "no reason given")"
            )
        }
        let answer = try EngineError.step("read from conmon") { () throws(SystemError) in
            try reader.readAnswer()
        }
        let (pid, message) = Self.parse(answer)
        if let pid, pid > 0 { return pid }
        throw EngineError(
            ofRuntime: "create",
            OCIRuntime.reason(in: "\(bundle)/oci.log") ?? OCIRuntime.lastLine(of: message)
                ?? "conmon gave no reason")
    }

    private func arguments() throws(EngineError) -> [String] {
        var words = [
            "--api-version", "1", "--cid", record.id, "--cuuid", record.id, "--name", record.name,
            "--runtime", runtime.path, "--bundle", bundle, "--container-pidfile", "\(bundle)/pid",
            "--conmon-pidfile", "\(bundle)/conmon.pid", "--exit-dir", bundle, "--persist-dir", bundle,
            "--full-attach", "--no-sync-log", "--log-level", "error",
        ]
        for word in runtime.options(log: "\(bundle)/oci.log") { words += ["--runtime-arg", word] }
        words += try logArguments()
        if record.hasTerminal { words.append("--terminal") }
        if record.keepsInputOpen { words.append("--stdin") }
        if leavesInputOpen { words.append("--leave-stdin-open") }
        guard let command = exitCommand.first else { return words }
        words += ["--exit-command", command]
        for word in exitCommand.dropFirst() { words += ["--exit-command-arg", word] }
        return words
    }

    private func logArguments() throws(EngineError) -> [String] {
        if record.logDriver == "none" { return ["--log-path", "off"] }
        var words = ["--log-path", "k8s-file:\(logPath)"]
        if let text = record.logOptions["max-size"], text != "-1" {
            words += ["--log-size-max", String(try byteCount(text, "max-size"))]
        }
        return words
    }

    /// `{"data": PID}`, or `{"data": -1, "message": "..."}`.
    private static func parse(_ answer: [UInt8]) -> (pid: Int32?, message: String) {
        guard let value = try? JSONValue(parsing: answer) else {
            return (nil, String(decoding: answer, as: UTF8.self))
        }
        let reader = JSONReader(value)
        return (try? reader.required("data").int32(), (try? reader.optional("message")?.string()) ?? "")
    }
}

extension FileDescriptor {
    /// One line, or what there is when the other side closes.
    fileprivate borrowing func readAnswer() throws(SystemError) -> [UInt8] {
        var answer: [UInt8] = []
        while !answer.contains(UInt8(ascii: "\n")) {
            let more = try read(upTo: 4096)
            if more.isEmpty { break }
            answer += more
        }
        return answer
    }
}
