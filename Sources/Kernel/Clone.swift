internal import CKernel
internal import Glibc

/// What ``cloneProcess(_:sharingParent:cgroup:)`` returns: twice, once in each process.
public enum Cloned: ~Copyable {
    /// In the new process.
    case child
    /// In the caller. `handle` refers to the child even after its pid is reused. pidfd_open(2).
    case parent(pid: Int32, handle: FileDescriptor)
}

/// Starts a copy of this process in new `namespaces`. clone3(2).
///
/// Signal handlers are not inherited: the child has every signal at its default (`CLONE_CLEAR_SIGHAND`).
/// `sharingParent`: the new process becomes a sibling, a child of this one's parent (`CLONE_PARENT`).
/// `cgroup`: descriptor of a cgroup v2 directory to be born in, or `nil`.
public func cloneProcess(
    _ namespaces: NamespaceSet = [], sharingParent: Bool = false, cgroup: Int32? = nil
) throws(SystemError) -> Cloned {
    var handle: Int32 = -1
    let clearSignalHandlers: UInt64 = 0x1_0000_0000
    let cloneParent: UInt64 = 0x8000
    let flags = namespaces.rawValue | clearSignalHandlers | (sharingParent ? cloneParent : 0)
    // A sibling's exit signal is that of the process which makes it; the kernel wants 0 here.
    let exitSignal = sharingParent ? 0 : SIGCHLD
    let pid = try check("clone3", namespaces.isEmpty ? "" : "new namespaces \(namespaces)") {
        ck_clone3(flags, exitSignal, cgroup ?? -1, &handle)
    }
    return pid == 0 ? .child : .parent(pid: pid, handle: FileDescriptor(owning: handle))
}

/// Starts a copy of this process, and answers its number; 0 in the copy. fork(2).
///
/// For a process in a container, where a filter answers clone3(2) with `ENOSYS`.
public func forkProcess() throws(SystemError) -> Int32 { try check("fork") { ck_fork() } }

/// A descriptor for the process `pid`. pidfd_open(2).
///
/// - Throws: ``SystemError`` with `ESRCH` when there is no such process.
public func openProcess(_ pid: Int32) throws(SystemError) -> FileDescriptor {
    FileDescriptor(owning: try check("pidfd_open", "\(pid)") { ck_pidfd_open(pid, 0) })
}

/// A copy of the descriptor `number` of the process behind `handle`. pidfd_getfd(2).
public func takeDescriptor(
    _ number: Int32, of handle: borrowing FileDescriptor
) throws(SystemError) -> FileDescriptor {
    let process = handle.rawValue
    return FileDescriptor(
        owning: try check("pidfd_getfd", "\(number)") { ck_pidfd_getfd(process, number) })
}

/// How a process ended. waitpid(2).
public enum ExitStatus: Hashable, Sendable {
    case exited(Int32)
    case signaled(Int32)

    /// The code a shell would report: 128 and the number of the signal for a killed process.
    public var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let number): 128 + number
        }
    }

    /// `exit status 1` or `signal 9`, for error text.
    public var text: String {
        switch self {
        case .exited(let code): "exit status \(code)"
        case .signaled(let number): "signal \(number)"
        }
    }

    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .signaled(signal)
    }
}

/// Waits for the child `pid` to end. waitpid(2).
public func waitForExit(_ pid: Int32) throws(SystemError) -> ExitStatus {
    var status: Int32 = 0
    _ = try check("waitpid", "\(pid)") { ck_waitpid(pid, &status, 0) }
    return ExitStatus(waitStatus: status)
}

/// Takes the next child that has ended, without waiting; `nil` when there is none. waitpid(2), `WNOHANG`.
public func reapAnyChild() throws(SystemError) -> (pid: Int32, status: ExitStatus)? {
    var status: Int32 = 0
    let pid: Int32
    do throws(SystemError) {
        pid = try check("waitpid") { ck_waitpid(-1, &status, WNOHANG) }
    } catch {
        if error.errno == .noChild { return nil }
        throw error
    }
    return pid == 0 ? nil : (pid, ExitStatus(waitStatus: status))
}

/// Sends `signal` to `pid`. kill(2).
public func sendSignal(_ signal: Int32, to pid: Int32) throws(SystemError) {
    _ = try check("kill", "\(pid)") { ck_kill(pid, signal) }
}

/// Sends `signal` to the process `handle` stands for. pidfd_send_signal(2).
public func sendSignal(_ signal: Int32, to handle: borrowing FileDescriptor) throws(SystemError) {
    let number = handle.rawValue
    _ = try check("pidfd_send_signal") { ck_pidfd_send_signal(number, signal) }
}

/// Replaces this process by the program at `path`. execve(2). Returns only by throwing.
public func execute(
    _ path: String, arguments: [String], environment: [String]
) throws(SystemError) -> Never {
    let arguments = CStrings(arguments)
    let environment = CStrings(environment)
    _ = try check("exec", path) { ck_execve(path, arguments.pointer, environment.pointer) }
    fatalError("execve returned without an error")
}

/// A list of C strings that ends with a null pointer, as execve(2) wants it.
final class CStrings {
    let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointer = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { pointer[index] = strdup(string) }
        pointer[count] = nil
    }

    deinit {
        for index in 0..<count { free(pointer[index]) }
        pointer.deallocate()
    }
}
