internal import JSON
internal import Kernel
internal import OCISpec

extension Container {
    /// Makes one check of the start `running`; `nil` when it was paused or has ended meanwhile.
    func probe(_ running: Running, _ check: ContainerRecord.Healthcheck) throws(EngineError) -> Health.Probe?
    {
        guard let command = check.command, let handle = try processHandle(of: running) else { return nil }
        let files = try ExecFiles(self, ExecRequest(command: command))
        defer { files.remove() }
        let start = realtimeNanoseconds()
        let result = try run(files, check, until: handle)
        // The program may go on without the runtime which waited for it, with all it started.
        if result.status == nil { files.killGroup(besides: running.process.pid) }
        // A frozen check says nothing about the container.
        guard case .running(running) = try state() else { return nil }
        let (code, text) = verdict(result, check, files)
        return Health.Probe(start: start, end: realtimeNanoseconds(), exitCode: code, output: text)
    }

    func processHandle(of running: Running) throws(EngineError) -> FileDescriptor? {
        try EngineError.step("find the process of \(record.name)") { () throws(SystemError) in
            try running.process.open()
        }
    }

    private func run(
        _ files: ExecFiles, _ check: ContainerRecord.Healthcheck, until end: borrowing FileDescriptor
    ) throws(EngineError) -> ProgramResult {
        let runtime = try engine.runtime(of: record)
        let words =
            runtime.options(log: files.log)
            + ["exec", "--process", files.document, "--pid-file", files.pid, id]
        var program = Program(
            path: runtime.path, arguments: [runtime.path] + words, environment: runtime.environment)
        program.isSupervised = true
        program.joinsErrors = true
        program.mostOutput = Health.mostOutput
        program.timeout = check.patience
        let stop = StopRequest(descriptor: end.rawValue) { true }
        return try EngineError.step("run \(runtime.path)") { () throws(SystemError) in
            try program.run(until: stop)
        }
    }

    private func verdict(
        _ result: ProgramResult, _ check: ContainerRecord.Healthcheck, _ files: ExecFiles
    ) -> (code: Int32, output: String) {
        let output = String(decoding: result.output, as: UTF8.self)
        guard let status = result.status else {
            let limit = Double(check.patience) / 1000
            return (-1, "Health check exceeded timeout (\(limit)s)" + (output.isEmpty ? "" : ": \(output)"))
        }
        if status.code != 0, let reason = OCIRuntime.reason(in: files.log) {
            return (-1, EngineError(ofRuntime: "exec", reason).message)
        }
        return (status.code, output)
    }
}

/// The files of one `exec`, in the container's bundle.
struct ExecFiles {
    let document: String
    let log: String
    let pid: String

    /// Writes what the runtime reads.
    init(_ container: Container, _ request: ExecRequest) throws(EngineError) {
        let draft = container.bundle + "/exec-" + String(newIdentifier().prefix(16))
        let document = draft + ".json"
        (self.document, log, pid) = (document, draft + ".log", draft + ".pid")
        let text = try container.process(for: request).json.text
        try EngineError.step("write \(document)") { () throws(SystemError) in
            try FileDescriptor.open(document, [.create, .exclusive, .writeOnly], mode: 0o600).write(text)
        }
    }

    /// Takes them away. The container may have gone with all its files meanwhile.
    func remove() {
        for path in [document, log, pid] { try? removeFileIfPresent(path) }
    }

    /// Ends the program and what it has started: a runtime puts it into a session of its own, which it need not lead.
    ///
    /// `first`: the container's first process. A number which has become somebody else's is not in its namespace.
    func killGroup(besides first: Int32) {
        guard let text = try? readText(pid), let number = Int32(text), number > 1, number != first,
            let place = try? readLink("/proc/\(number)/ns/mnt"),
            place == (try? readLink("/proc/\(first)/ns/mnt"))
        else { return }
        let others = [group(of: first), group(of: processID())]
        if let session = group(of: number), !others.contains(session) {
            try? sendSignal(Signal.kill, to: -session)
        }
        try? sendSignal(Signal.kill, to: number)
    }

    /// `nil` for none, and for one of another pid namespace, which has no number here.
    private func group(of process: Int32) -> Int32? {
        (try? ProcessFacts(of: process).group).flatMap { $0 > 1 ? $0 : nil }
    }
}
