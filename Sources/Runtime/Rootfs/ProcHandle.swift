internal import Kernel
package import OCISpec

/// A procfs nobody else sees, for every write that decides about security.
///
/// The container's own /proc can be covered by other mounts, so that a label or a sysctl written there goes
/// nowhere or somewhere else (CVE-2019-16884, CVE-2025-52881).
package struct ProcHandle: ~Copyable {
    private let directory = LazyDirectory()

    /// A handle that mounts its procfs, for the caller's pid namespace, when the first write comes.
    ///
    /// Most containers need none: a detached mount costs 30 microseconds to make and 200 to let go, because the
    /// kernel waits for all processors then.
    package static func open() throws(RuntimeError) -> ProcHandle { ProcHandle() }

    /// Writes `text` to `file` of this process's own directory, for example `attr/exec`.
    package borrowing func write(_ text: String, to file: String) throws(RuntimeError) {
        do throws(SystemError) {
            try directory.put(text, "\(processID())/\(file)")
        } catch { throw .system(step: "write \(file) of the process", reason: "\(error)") }
    }

    /// Sets kernel parameters. config-linux.md, "Sysctl". Before ``RootfsBuilder/finish()``.
    package borrowing func applySysctls(_ sysctls: [Sysctl]) throws(RuntimeError) {
        for sysctl in sysctls {
            do throws(SystemError) {
                try directory.put(sysctl.value, "sys/\(Self.path(of: sysctl.name))")
            } catch {
                let step = "set linux.sysctl.\(sysctl.name) to '\(sysctl.value)'"
                throw .system(step: step, reason: "\(error)")
            }
        }
    }

    /// `net.ipv4.conf.eth0/100.forwarding` is `net/ipv4/conf/eth0.100/forwarding`. sysctl(8): what stands first
    /// of `.` and `/` is the separator, the other one a letter.
    static func path(of name: String) -> String {
        guard let first = name.utf8.first(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }),
            first == UInt8(ascii: ".")
        else { return name }
        return String(name.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
    }
}

/// A procfs, mounted when it is used first.
private final class LazyDirectory {
    // A raw number, because a class cannot lend what it may replace. -1 until the first use.
    private var number: Int32 = -1

    deinit { if number >= 0 { _ = FileDescriptor(owning: number) } }

    /// Nothing on the way may be a link, or another mount.
    func put(_ text: String, _ path: String) throws(SystemError) {
        if number < 0 { number = try openProcfs().release() }
        let directory = FileDescriptor(owning: number)
        do throws(SystemError) {
            let file = try directory.open(
                below: path, .writeOnly, resolve: [.beneath, .noSymbolicLinks, .noMountCrossing])
            try file.write(text)
            number = directory.release()
        } catch {
            number = directory.release()
            throw error
        }
    }
}

/// A private procfs; the visible one where a user namespace may not make any, if it is a whole procfs.
private func openProcfs() throws(SystemError) -> FileDescriptor {
    do throws(SystemError) {
        return try FileSystemContext(type: "proc").mount([.noSetUID, .noExecute, .noDevices])
    } catch {
        guard error.errno == .notPermitted || error.errno == .noSuchCall else { throw error }
    }
    let visible = try FileDescriptor.open("/proc", [.reference, .directory])
    let (procfs, rootInode): (Int64, UInt64) = (0x9fa0, 1)
    guard try visible.fileSystemType() == procfs, try visible.status().inode == rootInode else {
        throw SystemError(call: "open", subject: "/proc (not a procfs)", errno: .invalidArgument)
    }
    return visible
}
