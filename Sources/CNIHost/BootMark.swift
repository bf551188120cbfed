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
    /// when the machine started makes young files look old.
    static func isOld(_ path: String, namespace: String) -> Bool {
        guard let file = try? FileDescriptor.open(path) else { return false }
        if let mark = try? file.extendedAttribute(attribute) {
            guard let boot = try? readText("/proc/sys/kernel/random/boot_id") else { return false }
            return mark != Array(boot.utf8)
        }
        guard namespace.hasPrefix("/proc/"), let written = try? file.status().modifiedAt,
            let start = startOfKernel()
        else { return false }
        return written < start
    }

    /// When the machine was started, in nanoseconds since 1970, less a minute. proc(5), `/proc/stat`.
    private static func startOfKernel() -> Int64? {
        guard let text = try? readText("/proc/stat") else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix("btime ") {
            return Int64(line.dropFirst(6)).map { ($0 - 60) * 1_000_000_000 }
        }
        return nil
    }
}
