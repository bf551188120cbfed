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
    /// Where it starts, if it can go there; `nil` is where the caller is.
    public var directory: String?
    /// What it finds on standard input.
    public var input: [UInt8] = []
    /// An open descriptor it gets beside the standard streams, under the same number.
    package var inherited: Int32?
    /// Milliseconds after which it is killed; `nil` is never.
    public var timeout: Int32?
    /// Whether standard output is collected, or goes where the caller's goes.
    public var collectsOutput = false
    /// How many bytes of standard output are kept at most, the first ones; `nil` is all.
    package var mostOutput: Int?
    /// Whether standard error goes where standard output goes, which is collected then.
    package var joinsErrors = false
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
        try start().finish(until: stop)
    }

    /// Starts the program, whose end is waited for by ``RunningProgram/finish(input:until:)``.
    public func start() throws(SystemError) -> RunningProgram {
        RunningProgram(self, try start(reading: try inputFile()))
    }

    /// Like ``run(until:)``, but tries again for five seconds while somebody still writes to the program: one which is
    /// just being installed, or whose writer is just making a child.
    public func runWhenWritten(until stop: StopRequest? = nil) throws(SystemError) -> ProgramResult {
        let input = try inputFile()
        let process = try whenWritten { () throws(SystemError) in try start(reading: input) }
        return try RunningProgram(self, process).finish(until: stop)
    }

    /// Starts the program, which waits for its standard input until ``RunningProgram/finish(input:until:)`` gives it;
    /// tries again like ``runWhenWritten(until:)``. What ``input`` holds is not used.
    ///
    /// The caller must not die of `SIGPIPE`: the program may have ended by then.
    public func startWaiting() throws(SystemError) -> RunningProgram {
        let input = try Pipe()
        let process = try whenWritten { () throws(SystemError) in try start(reading: input.reader) }
        return RunningProgram(self, process, input: input.keepWriter())
    }

    private func whenWritten(
        _ start: () throws(SystemError) -> ProgramProcess
    ) throws(SystemError) -> ProgramProcess {
        let deadline = monotonicMilliseconds() + 5000
        while true {
            do throws(SystemError) { return try start() } catch {
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

    /// The standard streams of this process are open, so no pipe has one of their numbers.
    private func start(reading input: borrowing FileDescriptor) throws(SystemError) -> ProgramProcess {
        let output = try Pipe()
        let errors = try Pipe()
        let streams = [
            input.rawValue, collectsOutput || joinsErrors ? output.writer.rawValue : -1,
            joinsErrors ? output.writer.rawValue : errors.writer.rawValue,
        ]
        let (arguments, environment) = (CStrings(arguments), CStrings(environment))
        let pid = try check("exec", path) {
            ck_spawn(
                path, arguments.pointer, environment.pointer, directory, streams, inherited ?? -1,
                isSupervised ? 1 : 0)
        }
        return try ProgramProcess(
            pid: pid, leadsGroup: isSupervised, output: output.keepReader(), errors: errors.keepReader())
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
            // Best effort: a bundle may be gone when its hooks still run.
            if let directory { _ = ck_chdir(directory) }
            try execute(path, arguments: arguments, environment: environment)
        } catch {
            var number = error.errno.rawValue
            _ = ck_write(failure, &number, 4)
            exitNow(127)
        }
    }
}
