import Cgroups
import CommandWords
import JSON
import Kernel
import Runtime

/// `events ID`: prints statistics of a container at intervals, and when it runs out of memory.
struct EventsCommand: Command {
    static var verb: Verb {
        Verb(
            "events", "print statistics and out-of-memory events of a container as JSON lines",
            options: [
                .value("interval", "time between statistics (default: 5s)"),
                .flag("stats", "print the statistics once and exit"),
            ])
    }

    private let id: String
    private let interval: Int64
    private let once: Bool

    init(_ arguments: Arguments) throws(Failure) {
        id = arguments.positionals[0]
        once = arguments.flag("stats")
        interval =
            try arguments.parsed("interval", "a time above zero like 5s or 1m30s") {
                milliseconds($0).flatMap { $0 > 0 ? $0 : nil }
            } ?? 5000
    }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        let runtime = surroundings.runtime
        let state = try operation { () throws(RuntimeError) in try runtime.summary(id).state }
        guard let pid = state.pid else { throw Failure("container \(id) is not running") }
        let cgroup = try operation { () throws(RuntimeError) in try runtime.cgroup(id) }
        if once {
            try printStatistics(of: cgroup)
        } else {
            // The handle comes before anything is printed: a pid that is used again cannot be taken for it.
            let process = try system("watch container \(id)") { () throws(SystemError) in
                try openProcess(pid)
            }
            try printUntilEnd(of: process, cgroup, surroundings.log)
        }
        return 0
    }

    /// Prints until the container's first process has ended.
    private func printUntilEnd(
        of process: borrowing FileDescriptor, _ cgroup: Cgroup, _ log: Log
    ) throws(Failure) {
        guard var watch = memoryWatch(cgroup, log) else {
            while try !waits([process.rawValue], until: monotonicMilliseconds() + interval)[0] {
                try printStatistics(of: cgroup, whileRunning: process)
            }
            return
        }
        var next = monotonicMilliseconds() + interval
        while true {
            let isReady = try waits([process.rawValue, watch.rawValue], until: next)
            // Asked at the end as well: what ended the container may have been just this.
            if isReady.contains(true), try hasRunOut(&watch) { try printEvent("oom", nil) }
            if isReady[0] { return }
            guard monotonicMilliseconds() >= next else { continue }
            try printStatistics(of: cgroup, whileRunning: process)
            next += interval
        }
    }

    // A container without a memory controller still has statistics.
    private func memoryWatch(_ cgroup: Cgroup, _ log: Log) -> MemoryWatch? {
        do throws(CgroupError) { return try cgroup.watchMemory() } catch {
            log.write(.warning, "no out-of-memory events: \(error)")
            return nil
        }
    }

    private func hasRunOut(_ watch: inout MemoryWatch) throws(Failure) -> Bool {
        do throws(CgroupError) { return try watch.next() == .outOfMemory } catch { throw Failure("\(error)") }
    }

    /// Which of `descriptors` are readable; waits until one is, or until the moment `end`.
    private func waits(_ descriptors: [Int32], until end: Int64) throws(Failure) -> [Bool] {
        let left = Int32(clamping: max(0, end - monotonicMilliseconds()))
        return try system("wait for events") { () throws(SystemError) in
            try waitForReadiness(descriptors.map { ($0, .readable) }, milliseconds: left).map { !$0.isEmpty }
        }
    }

    /// Like ``printStatistics(of:)``, but says nothing when the container ended in the middle of it.
    private func printStatistics(
        of cgroup: Cgroup, whileRunning process: borrowing FileDescriptor
    ) throws(Failure) {
        do throws(Failure) { try printStatistics(of: cgroup) } catch {
            guard try waits([process.rawValue], until: 0)[0] else { throw error }
        }
    }

    private func printStatistics(of cgroup: Cgroup) throws(Failure) {
        let statistics: Statistics
        do throws(CgroupError) { statistics = try cgroup.statistics() } catch { throw Failure("\(error)") }
        try printEvent("stats", statistics.json)
    }

    private func printEvent(_ type: String, _ data: JSONValue?) throws(Failure) {
        var event = JSONObject()
        event.set("type", type)
        event.set("id", id)
        event.set("data", data)
        try printOut(event.value.text + "\n")
    }
}
