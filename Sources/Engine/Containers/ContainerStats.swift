internal import Kernel

/// What a container uses at one moment.
package struct ContainerUsage: Hashable, Sendable {
    /// Nanoseconds of processor time since it started.
    package var cpu: Int64 = 0
    /// Nanoseconds on a clock that never goes back.
    package var time: Int64 = 0
    /// Bytes, without what the kernel gives back when it is needed.
    package var memory: Int64 = 0
    /// Bytes; the machine's memory when nothing less is set.
    package var memoryLimit: Int64 = 0
    package var received: Int64 = 0
    package var sent: Int64 = 0
    package var bytesRead: Int64 = 0
    package var bytesWritten: Int64 = 0
    package var processes: Int64 = 0
}

extension Container {
    /// What the container uses now; `nil` when it does not run.
    package func usage() throws(EngineError) -> ContainerUsage? {
        guard let live = try state().live else { return nil }
        let groups = CgroupFiles(of: live.process.pid)
        var usage = ContainerUsage()
        usage.time = monotonicMilliseconds() * 1_000_000
        usage.cpu = groups.cpu
        (usage.memory, usage.memoryLimit) = groups.memory
        (usage.bytesRead, usage.bytesWritten) = groups.blocks
        usage.processes = groups.processes
        (usage.received, usage.sent) = Self.networkBytes(of: live.process.pid)
        return usage
    }

    /// Bytes over all interfaces but `lo`. proc(5), `/proc/PID/net/dev`.
    private static func networkBytes(of pid: Int32) -> (received: Int64, sent: Int64) {
        var (received, sent): (Int64, Int64) = (0, 0)
        for line in (try? readText("/proc/\(pid)/net/dev"))?.split(separator: "\n") ?? [] {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].filter({ $0 != " " }) != "lo" else { continue }
            let numbers = parts[1].split(separator: " ").compactMap { Int64($0) }
            guard numbers.count > 8 else { continue }
            received += numbers[0]
            sent += numbers[8]
        }
        return (received, sent)
    }
}

/// The files of a process' cgroups which tell what is used: those of v2, else those of v1. cgroups(7).
struct CgroupFiles {
    /// Directories by controller; v2 has the empty name.
    private var directories: [String: String] = [:]

    init(of pid: Int32) {
        for line in (try? readText("/proc/\(pid)/cgroup"))?.split(separator: "\n") ?? [] {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            for controller in parts[1].isEmpty ? [""] : parts[1].split(separator: ",") {
                let folder = controller.isEmpty ? "" : "/\(controller)"
                directories[String(controller)] = "/sys/fs/cgroup\(folder)\(parts[2])"
            }
        }
    }

    var cpu: Int64 {
        if let time = number("cpuacct", "cpuacct.usage") { return time }
        return (value("", "cpu.stat", "usage_usec") ?? 0) * 1000
    }

    var memory: (used: Int64, limit: Int64) {
        let machine = machineMemory()
        if let used = number("memory", "memory.usage_in_bytes") {
            let idle = value("memory", "memory.stat", "total_inactive_file") ?? 0
            return (max(0, used - idle), min(number("memory", "memory.limit_in_bytes") ?? machine, machine))
        }
        let idle = value("", "memory.stat", "inactive_file") ?? 0
        return (
            max(0, (number("", "memory.current") ?? 0) - idle),
            min(number("", "memory.max") ?? machine, machine)
        )
    }

    var blocks: (read: Int64, written: Int64) {
        if let text = text("blkio", "blkio.throttle.io_service_bytes") {
            return (sum(text, word: "Read"), sum(text, word: "Write"))
        }
        let text = text("", "io.stat") ?? ""
        return (sum(text, prefix: "rbytes="), sum(text, prefix: "wbytes="))
    }

    var processes: Int64 { number("pids", "pids.current") ?? number("", "pids.current") ?? 0 }

    private func text(_ controller: String, _ file: String) -> String? {
        guard let directory = directories[controller] else { return nil }
        return try? readText("\(directory)/\(file)")
    }

    private func number(_ controller: String, _ file: String) -> Int64? {
        text(controller, file).flatMap { Int64($0) }
    }

    /// The number behind a word at the beginning of a line.
    private func value(_ controller: String, _ file: String, _ word: String) -> Int64? {
        for line in text(controller, file)?.split(separator: "\n") ?? [] {
            let parts = line.split(separator: " ")
            if parts.count == 2, parts[0] == word { return Int64(parts[1]) }
        }
        return nil
    }

    /// Lines like `8:0 Read 4096`.
    private func sum(_ text: String, word: String) -> Int64 {
        text.split(separator: "\n").reduce(0) { sum, line in
            let parts = line.split(separator: " ")
            return parts.count == 3 && parts[1] == word ? sum + (Int64(parts[2]) ?? 0) : sum
        }
    }

    /// Words like `rbytes=4096`.
    private func sum(_ text: String, prefix: String) -> Int64 {
        text.split { $0 == " " || $0 == "\n" }.filter { $0.hasPrefix(prefix) }
            .reduce(0) { $0 + (Int64($1.dropFirst(prefix.count)) ?? 0) }
    }
}

/// Bytes of memory of the machine. proc(5), `/proc/meminfo`.
package func machineMemory() -> Int64 {
    guard let line = (try? readText("/proc/meminfo"))?.split(separator: "\n").first else { return 0 }
    return line.split(separator: " ").dropFirst().first.flatMap { Int64($0) }.map { $0 * 1024 } ?? 0
}
