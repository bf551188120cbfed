internal import Kernel

/// Tells a file of the time before the machine was started: the cache lasts longer than the namespaces it is about.
enum BootMark {
    private static let attribute = "trusted.apus.boot"

    /// Marks a file with the kernel's name for this time. Where the file system has no such marks, or the process not the
    /// right, the file's age has to do.
    static func set(on file: borrowing FileDescriptor) {
        guard let boot = try? readText("/proc/sys/kernel/random/boot_id") else { return }
        do throws(SystemError) { try file.setExtendedAttribute(attribute, Array(boot.utf8)) } catch {}
    }

    /// Whether the file at `path`, the record of an attachment in `namespace`, is of an earlier time.
    ///
    /// A file of another host has no mark. Its age counts only for a namespace named by a process number, which may be
    /// another's by now: any other path was on a file system which did not outlive the start, and a clock that was wrong
    /// when the machine started makes young files look old. An error is no answer: by a path of an earlier time DEL would
    /// go into another container's namespace.
    static func isOld(_ path: String, namespace: String) throws(SystemError) -> Bool {
        let file = try FileDescriptor.open(path)
        if let mark = try file.extendedAttribute(attribute) {
            return mark != Array(try readText("/proc/sys/kernel/random/boot_id").utf8)
        }
        guard namespace.hasPrefix("/proc/"), let start = try startOfKernel() else { return false }
        return try file.status().modifiedAt < start
    }

    /// When the machine was started, in nanoseconds since 1970, less a minute. proc(5), `/proc/stat`.
    private static func startOfKernel() throws(SystemError) -> Int64? {
        for line in try readText("/proc/stat").split(separator: "\n") where line.hasPrefix("btime ") {
            return Int64(line.dropFirst(6)).map { ($0 - 60) * 1_000_000_000 }
        }
        return nil
    }
}
