internal import CKernel

/// A ``Program`` that has been started. One which is not waited for is killed with this value.
public struct RunningProgram: ~Copyable {
    private let program: Program
    private var process: ProgramProcess
    /// The writing end of its standard input, as long as it waits for that.
    private var input: FileDescriptor?

    init(_ program: Program, _ process: consuming ProgramProcess, input: consuming FileDescriptor? = nil) {
        self.program = program
        self.process = process
        self.input = input
    }

    /// Waits for the end of the program, or until `stop` says it has to end. One which waits for its standard input
    /// gets `bytes`.
    public consuming func finish(
        input bytes: [UInt8] = [], until stop: StopRequest? = nil
    ) throws(SystemError) -> ProgramResult {
        var result = ProgramResult(status: nil, output: [], errorText: "")
        var errorBytes: [UInt8] = []
        var (output, errors) = (process.output.rawValue, process.errors.rawValue)
        let deadline = program.timeout.map { monotonicMilliseconds() + Int64($0) }
        var rest = try give(bytes[...])
        while true {
            // poll(2) passes over a negative number.
            let ready = try waitForReadiness(
                [
                    (process.handle.rawValue, .readable), (output, .readable), (errors, .readable),
                    (input?.rawValue ?? -1, .writable), (stop?.descriptor ?? -1, .readable),
                ], milliseconds: deadline.map { Int32(clamping: max(0, $0 - monotonicMilliseconds())) })
            if ready.allSatisfy(\.isEmpty) || (!ready[4].isEmpty && stop?.isMeant() ?? false) {
                return result
            }
            if !ready[1].isEmpty {
                let more = try process.output.read(upTo: 16384)
                if more.isEmpty { output = -1 }
                result.output += more.prefix((program.mostOutput ?? Int.max) - result.output.count)
            }
            if !ready[2].isEmpty {
                let more = try process.errors.read(upTo: 16384)
                if more.isEmpty { errors = -1 }
                if errorBytes.count < 4096 { errorBytes += more }
                if program.repeatsErrors { writeError(more) }
            }
            if !ready[3].isEmpty { rest = try give(rest) }
            // A daemon the program leaves behind may hold the pipes for ever: its end is what counts.
            if !ready[0].isEmpty, !ready[1].contains(.readable), !ready[2].contains(.readable) { break }
        }
        result.status = try process.reap()
        result.errorText = String(decoding: errorBytes.prefix(4096), as: UTF8.self)
        return result
    }

    /// Writes what a pipe surely takes, and closes it behind the last byte; answers the rest.
    ///
    /// A pipe which is new, or writable according to poll(2), has room for 4096 bytes. pipe(7), `PIPE_BUF`.
    private mutating func give(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> ArraySlice<UInt8> {
        guard let pipe = input.take() else { return [] }
        do throws(SystemError) { try pipe.write(Array(bytes.prefix(4096))) } catch {
            // It has ended, or does not want to know: its answer is what counts.
            if error.errno == .brokenPipe { return [] }
            throw error
        }
        let rest = bytes.dropFirst(4096)
        if !rest.isEmpty { input = consume pipe }
        return rest
    }
}

/// The process of a program: killed, unless it has been reaped, with this value.
struct ProgramProcess: ~Copyable {
    let pid: Int32
    let handle: FileDescriptor
    let output: FileDescriptor
    let errors: FileDescriptor
    private let leadsGroup: Bool
    private var isReaped = false

    init(
        pid: Int32, leadsGroup: Bool, output: consuming FileDescriptor, errors: consuming FileDescriptor
    ) throws(SystemError) {
        do throws(SystemError) { handle = try openProcess(pid) } catch {
            kill(pid, leadsGroup: leadsGroup)
            throw error
        }
        self.pid = pid
        self.leadsGroup = leadsGroup
        self.output = output
        self.errors = errors
    }

    deinit { if !isReaped { kill(pid, leadsGroup: leadsGroup) } }

    /// Waits for the end of the process. waitpid(2).
    mutating func reap() throws(SystemError) -> ExitStatus {
        let status = try waitForExit(pid)
        isReaped = true
        return status
    }
}

/// Ends a child which nobody has waited for, so its number is still its own. It may have ended by itself.
private func kill(_ pid: Int32, leadsGroup: Bool) {
    if leadsGroup { _ = ck_kill(-pid, Signal.kill) }
    _ = ck_kill(pid, Signal.kill)
    _ = try? waitForExit(pid)
}
