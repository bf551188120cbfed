internal import CKernel
internal import Glibc

/// A program that runs while its standard output is read, for example one which decompresses.
///
/// It dies with its owner: when the value goes before its end, and when this process does.
package struct PipedProgram: ~Copyable {
    /// Its standard output.
    package let output: FileDescriptor
    private let errors: FileDescriptor
    private let handle: FileDescriptor
    private let pid: Int32
    private var hasEnded = false

    private init(
        _ pid: Int32, _ handle: consuming FileDescriptor, output: consuming FileDescriptor,
        errors: consuming FileDescriptor
    ) {
        self.output = output
        self.errors = errors
        self.handle = handle
        self.pid = pid
    }

    /// Starts `program` with `input` as its standard input; its own `input`, `timeout` and flags do not count.
    ///
    /// - Throws: ``SystemError``, also when the program cannot be executed, with the reason of execve(2).
    package static func start(
        _ program: Program, input: borrowing FileDescriptor
    ) throws(SystemError) -> PipedProgram {
        let caller = processID()
        let output = try Pipe()
        let failure = try Pipe()
        // A file: a program with much to say cannot be blocked by a pipe nobody reads.
        let errors = FileDescriptor(owning: try check("memfd_create") { ck_memfd_create("errors", 1) })
        var program = program
        program.isSupervised = true
        switch try cloneProcess() {
        case .child:
            program.becomeProgram(
                input: input.rawValue, output: output.writer.rawValue, errors: errors.rawValue,
                failure: failure.writer.rawValue, caller: caller)
        case .parent(let pid, let handle):
            let started = PipedProgram(pid, handle, output: output.keepReader(), errors: errors)
            let refusal = try failure.keepReader().read(upTo: 4)
            // It is `started`, going out of scope, that waits for the child.
            guard refusal.isEmpty else {
                throw SystemError(
                    call: "exec", subject: program.path, errno: Errno(rawValue: Int32(refusal[0])))
            }
            return started
        }
    }

    deinit {
        guard !hasEnded else { return }
        // Nobody is left to tell; a child that cannot be killed has ended already.
        do throws(SystemError) {
            try sendSignal(Signal.kill, to: handle)
            _ = try waitForExit(pid)
        } catch {}
    }

    /// Waits for its end, which comes once the output has been read: how it ended, and the first 4096 bytes of standard error.
    package mutating func finish() throws(SystemError) -> (status: ExitStatus, errorText: String) {
        let status = try waitForExit(pid)
        hasEnded = true
        return (status, String(decoding: try errors.read(upTo: 4096, at: 0), as: UTF8.self))
    }
}
