internal import Kernel
package import OCISpec

/// A procfs nobody else sees, for every write that decides about security.
///
/// The container's own /proc can be covered by other mounts, so that a label or a sysctl written there goes
/// nowhere or somewhere else (CVE-2019-16884, CVE-2025-52881).
package struct ProcHandle: ~Copyable {
    private let directory: FileDescriptor

    /// Mounts a procfs for the caller's pid namespace, detached.
    ///
    /// Where that is not allowed, /proc is used, if it is a procfs.
    package static func open() throws(RuntimeError) -> ProcHandle {
        try RuntimeError.step("open a private procfs") { () throws(SystemError) in
            do throws(SystemError) {
                let context = try FileSystemContext(type: "proc")
                return ProcHandle(directory: try context.mount([.noSetUID, .noExecute, .noDevices]))
            } catch {
                guard error.errno == .notPermitted || error.errno == .noSuchCall else { throw error }
            }
            let visible = try FileDescriptor.open("/proc", [.reference, .directory])
            let procfs: Int64 = 0x9fa0
            guard try visible.fileSystemType() == procfs else {
                throw SystemError(call: "statfs", subject: "/proc", errno: .invalidArgument)
            }
            return ProcHandle(directory: visible)
        }
    }

    /// Writes `text` to `file` of this process's own directory, for example `attr/exec`.
    package borrowing func write(_ text: String, to file: String) throws(RuntimeError) {
        try RuntimeError.step("write \(file) of the process") { () throws(SystemError) in
            try put(text, "\(processID)/\(file)")
        }
    }

    /// Sets kernel parameters. config-linux.md, "Sysctl".
    package borrowing func applySysctls(_ sysctls: [Sysctl]) throws(RuntimeError) {
        for sysctl in sysctls {
            try RuntimeError.step("set linux.sysctl.\(sysctl.name) to '\(sysctl.value)'") {
                () throws(SystemError) in try put(sysctl.value, "sys/\(Self.path(of: sysctl.name))")
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

    private func put(_ text: String, _ path: String) throws(SystemError) {
        let file = try directory.open(
            below: path, .writeOnly, resolve: [.beneath, .noSymbolicLinks, .noMountCrossing])
        try file.write(text)
    }
}
