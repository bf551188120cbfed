internal import CKernel
internal import Glibc

/// A program to run to its end, for example a hook.
public struct Program: Sendable {
    /// Absolute path.
    public var path: String
    /// The whole argument list, `argv[0]` included.
    public var arguments: [String]
    /// `NAME=value` each.
    public var environment: [String]
    /// What it finds on standard input.
    public var input: [UInt8] = []
    /// Milliseconds after which it is killed; `nil` is never.
    public var timeout: Int32?
    /// Whether standard output is collected, or goes where the caller's goes.
    public var collectsOutput = false
    /// Whether what it writes to standard error goes to the caller's, too, as it comes.
    public var repeatsErrors = false
    /// Whether it and its children end together: it leads a process group of its own, which is killed as a whole when the
    /// time runs out, and it dies when the caller does. What is typed at the caller's terminal does not reach it.
    public var isSupervised = false

    public init(path: String, arguments: [String], environment: [String]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }
}

/// How a ``Program`` ended.
public struct ProgramResult: Sendable {
    /// `nil` when the time ran out, or somebody wanted it to stop, and the program was killed.
    public var status: ExitStatus?
    /// Standard output, where it was collected.
    public var output: [UInt8]
    /// The first 4096 bytes of standard error.
    public var errorText: String
}

extension Program {
    /// Starts the program and waits for its end, or until `stop` says it has to end.
    ///
    /// - Throws: ``SystemError`` also when the program cannot be executed; the kernel's reason is the one
    ///   execve(2) had in the child.
    public func run(until stop: StopRequest? = nil) throws(SystemError) -> ProgramResult {
        let caller = processID()
        let input = try inputFile()
        let output = try Pipe()
        let errors = try Pipe()
        let failure = try Pipe()
        switch try cloneProcess() {
        case .child:
            becomeProgram(
                input: input.rawValue, output: collectsOutput ? output.writer.rawValue : nil,
                errors: errors.writer.rawValue, failure: failure.writer.rawValue, caller: caller)
        case .parent(let pid, let handle):
            return try collect(
                pid: pid, handle: handle, output: output, errors: errors, failure: failure, stop: stop)
        }
    }

    /// Like ``run()``, but tries again for five seconds while somebody still writes to the program: one which is just
    /// being installed, or whose writer is just making a child.
    public func runWhenWritten(until stop: StopRequest? = nil) throws(SystemError) -> ProgramResult {
        let deadline = monotonicMilliseconds() + 5000
        while true {
            do throws(SystemError) { return try run(until: stop) } catch {
                guard error.errno == .textBusy, monotonicMilliseconds() < deadline else { throw error }
                pause(milliseconds: 20)
            }
        }
    }

    // A file instead of a pipe: a program that never reads cannot block its caller.
    private func inputFile() throws(SystemError) -> FileDescriptor {
        if input.isEmpty { return try FileDescriptor.open("/dev/null") }
        let file = FileDescriptor(owning: try check("memfd_create") { ck_memfd_create("input", 1) })
        try file.write(input)
        let number = file.rawValue
        guard lseek(number, 0, SEEK_SET) == 0 else {
            throw SystemError(call: "lseek", subject: "input", errno: .inputOutput)
        }
        return file
    }

    /// The child's side; ends in the program or in `_exit`.
    func becomeProgram(
        input: Int32, output: Int32?, errors: Int32, failure: Int32, caller: Int32
    ) -> Never {
        unblockSignals()
        do throws(SystemError) {
            if isSupervised {
                try startProcessGroup()
                try setParentDeathSignal(Signal.kill)
                // It may have died before the kernel was told.
                guard parentProcessID() == caller else { exitNow(127) }
            }
            try installDescriptor(input, as: 0)
            if let output { try installDescriptor(output, as: 1) }
            try installDescriptor(errors, as: 2)
            try closeOnExecute(from: 3)
            try execute(path, arguments: arguments, environment: environment)
        } catch {
            var number = error.errno.rawValue
            _ = ck_write(failure, &number, 4)
            exitNow(127)
        }
    }

    private func collect(
        pid: Int32, handle: borrowing FileDescriptor, output: consuming Pipe, errors: consuming Pipe,
        failure: consuming Pipe, stop: StopRequest?
    ) throws(SystemError) -> ProgramResult {
        let output = output.keepReader()
        let errors = errors.keepReader()
        let failure = failure.keepReader()
        var result = ProgramResult(status: nil, output: [], errorText: "")
        var errorBytes: [UInt8] = []
        let deadline = timeout.map { monotonicMilliseconds() + Int64($0) }
        var open = [output.rawValue, errors.rawValue]
        var hasEnded = false
        // A daemon the program leaves behind may hold the pipes for ever: its end is what counts.
        while !hasEnded {
            let left = deadline.map { Int32(clamping: max(0, $0 - monotonicMilliseconds())) }
            let ready = try waitForReadiness(
                [(handle.rawValue, .readable), (stop?.descriptor ?? -1, .readable)]
                    + open.map { ($0, .readable) }, milliseconds: left)
            if ready.allSatisfy(\.isEmpty) || (!ready[1].isEmpty && stop?.isMeant() ?? false) {
                try kill(pid, handle)
                return result
            }
            // The list shrinks below; what poll(2) said belongs to the list it was asked about.
            for (number, readiness) in zip(open, ready.dropFirst(2)) where !readiness.isEmpty {
                let bytes =
                    try number == output.rawValue ? output.read(upTo: 65536) : errors.read(upTo: 65536)
                if bytes.isEmpty { open.removeAll { $0 == number } }
                if number == output.rawValue {
                    result.output += bytes
                } else {
                    if errorBytes.count < 4096 { errorBytes += bytes }
                    if repeatsErrors { writeError(bytes) }
                }
            }
            hasEnded = !ready[0].isEmpty && ready.dropFirst(2).allSatisfy { !$0.contains(.readable) }
        }
        result.status = try waitForExit(pid)
        result.errorText = String(decoding: errorBytes.prefix(4096), as: UTF8.self)
        let refusal = try failure.read(upTo: 4)
        if refusal.count == 4 {
            throw SystemError(call: "exec", subject: path, errno: Errno(rawValue: Int32(refusal[0])))
        }
        return result
    }

    private func kill(_ pid: Int32, _ handle: borrowing FileDescriptor) throws(SystemError) {
        if isSupervised {
            // The group is there once the child has made it; before that the child is all there is.
            do throws(SystemError) { try sendSignal(Signal.kill, to: -pid) } catch {
                guard error.errno == .noProcess else { throw error }
            }
        }
        try sendSignal(Signal.kill, to: handle)
        _ = try waitForExit(pid)
    }
}
