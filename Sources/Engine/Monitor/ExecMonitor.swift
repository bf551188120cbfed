internal import JSON
internal import Kernel

/// A conmon for a program in a container that runs: it holds the program's terminal, so that who typed `exec` can go.
///
///     folder/process.json  what the runtime reads
///     folder/oci.log       what it has to say
///     folder/attach, ctl   as those of a container's conmon
struct ExecMonitor {
    let program: String
    let runtime: OCIRuntime
    let id: String
    let folder: String
    /// What conmon runs when the program has ended.
    let exitCommand: [String]

    /// Starts conmon, which waits with the program until ``ExecStart/begin()``.
    func start() throws(EngineError) -> ExecStart {
        try EngineError.step("start \(program)") { () throws(SystemError) in
            let answers = try Pipe()
            let ready = try Pipe()
            let start = try Pipe()
            let descriptors = [
                ("_OCI_SYNCPIPE", answers.writer.rawValue), ("_OCI_ATTACHPIPE", ready.writer.rawValue),
                ("_OCI_STARTPIPE", start.reader.rawValue),
            ]
            switch try cloneProcess() {
            case .child: become(with: descriptors)
            case .parent(let pid, _):
                let result = ExecStart(
                    answers: answers.keepReader(), ready: ready.keepReader(), start: start.keepWriter())
                try result.start.write([1])
                // It goes on as a process of its own.
                guard try waitForExit(pid) == .exited(0) else {
                    throw SystemError(call: "exec", subject: program, errno: .invalidArgument)
                }
                return result
            }
        }
    }

    private func become(with descriptors: [(name: String, number: Int32)]) -> Never {
        do throws(SystemError) {
            for descriptor in descriptors {
                try installDescriptor(descriptor.number, as: descriptor.number)
            }
            try Kernel.execute(
                program, arguments: [program] + arguments,
                environment: runtime.environment + descriptors.map { "\($0.name)=\($0.number)" })
        } catch {
            writeError(Array("\(error)\n".utf8))
            exitNow(126)
        }
    }

    private var arguments: [String] {
        var words = [
            "--api-version", "1", "--cid", id, "--cuuid", id, "--runtime", runtime.path, "--bundle", folder,
            "--container-pidfile", "\(folder)/pid", "--conmon-pidfile", "\(folder)/conmon.pid",
            "--full-attach", "--no-sync-log", "--log-level", "error", "--log-path", "off",
            "--exec", "--exec-attach", "--exec-process-spec", "\(folder)/process.json", "--terminal",
            "--stdin",
        ]
        for word in runtime.options(log: "\(folder)/oci.log") { words += ["--runtime-arg", word] }
        for (index, word) in exitCommand.enumerated() {
            words += [index == 0 ? "--exit-command" : "--exit-command-arg", word]
        }
        return words
    }
}

/// The pipes of an ``ExecMonitor`` which has started.
struct ExecStart: ~Copyable {
    fileprivate let answers: FileDescriptor
    fileprivate let ready: FileDescriptor
    fileprivate let start: FileDescriptor

    /// Waits until somebody can attach.
    func awaitSocket() throws(EngineError) { _ = try answer(from: ready) }

    /// Has the program started; answers its pid, and after its end, from ``exitCode()``, how it ended.
    ///
    /// - Throws: ``EngineError`` with what conmon says.
    func begin() throws(EngineError) -> Int32 {
        try EngineError.step("speak to conmon") { () throws(SystemError) in try start.write([1]) }
        let (number, message) = try answer(from: answers)
        guard number > 0 else { throw EngineError(ofRuntime: "exec", message) }
        return number
    }

    /// Waits for the program's end.
    func exitCode() throws(EngineError) -> Int32 { try answer(from: answers).number }

    /// A line of `{"data": NUMBER, "message": TEXT}`.
    private func answer(
        from pipe: borrowing FileDescriptor
    ) throws(EngineError) -> (number: Int32, message: String) {
        var line: [UInt8] = []
        try EngineError.step("hear from conmon") { () throws(SystemError) in
            while case let byte = try pipe.read(upTo: 1), !byte.isEmpty, byte != [10] { line += byte }
        }
        guard let reader = (try? JSONValue(parsing: line)).map({ JSONReader($0) }),
            let number = try? reader.required("data").int32()
        else { throw EngineError("conmon has ended: \(String(decoding: line, as: UTF8.self))") }
        return (number, (try? reader.optional("message")?.string()) ?? "no reason given")
    }
}
