/// A process for good: its pid, and when it started, because the kernel uses pids again.
package struct UniqueProcess: Hashable, Sendable {
    package let pid: Int32
    /// Clock ticks from boot to the process's start. proc(5), `/proc/PID/stat`, field 22.
    package let startTime: UInt64

    package init(pid: Int32, startTime: UInt64) {
        self.pid = pid
        self.startTime = startTime
    }

    /// The process that has `pid` now.
    ///
    /// - Throws: ``SystemError`` with `ENOENT` when there is none.
    package init(of pid: Int32) throws(SystemError) {
        self.init(pid: pid, startTime: try ProcessFacts(of: pid).startTime)
    }

    /// As a file has it: both numbers on a line.
    package var text: String { "\(pid) \(startTime)\n" }

    /// Reads what ``text`` writes.
    package init?(text: String) {
        let words = text.split { $0 == " " || $0 == "\n" }
        guard words.count == 2, let pid = Int32(words[0]), let start = UInt64(words[1]), pid > 0 else {
            return nil
        }
        self.init(pid: pid, startTime: start)
    }

    /// Whether the process still runs; one that waits to be reaped does not.
    package var isAlive: Bool {
        do throws(SystemError) {
            let facts = try ProcessFacts(of: pid)
            return facts.startTime == startTime && !facts.hasEnded
        } catch { return false }
    }

    /// A descriptor for exactly this process, or `nil` when it has ended.
    package func open() throws(SystemError) -> FileDescriptor? {
        do throws(SystemError) {
            let handle = try openProcess(pid)
            // Asked after the descriptor is open: from here on the pid cannot change its owner unseen.
            if isAlive { return handle }
            return nil
        } catch {
            if error.errno == .noProcess { return nil }
            throw error
        }
    }
}

/// The parts of `/proc/PID/stat` that tell whether a process lives, and with whom. proc(5).
package struct ProcessFacts: Hashable, Sendable {
    package let startTime: UInt64
    /// Its process group.
    package let group: Int32
    /// Zombie or dead.
    package let hasEnded: Bool

    package init(of pid: Int32) throws(SystemError) {
        let text = String(decoding: try readFile("/proc/\(pid)/stat"), as: UTF8.self)
        guard let facts = ProcessFacts(stat: text) else {
            throw SystemError(call: "read", subject: "/proc/\(pid)/stat", errno: .invalidArgument)
        }
        self = facts
    }

    /// Reads one line of `stat`. The name in brackets may hold spaces and brackets itself.
    package init?(stat: String) {
        guard let bracket = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: bracket)...].split(separator: " ")
        // Field 3 (state) is the first behind the name, field 5 (group) the third, field 22 the twentieth.
        guard fields.count > 19, let start = UInt64(fields[19]), let group = Int32(fields[2]) else {
            return nil
        }
        startTime = start
        self.group = group
        hasEnded = fields[0] == "Z" || fields[0] == "X"
    }
}
