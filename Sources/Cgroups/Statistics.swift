/// What the kernel has counted for a cgroup, as `events --stats` prints it. Times in nanoseconds, sizes in bytes.
public struct Statistics: Hashable, Sendable {
    var cpu = CPU()
    var cpuset = CPUSetState()
    var memory = Memory()
    /// Limit 0 is none.
    var pids = Pids()
    var io = IO()
    var hugepages: [Hugepages] = []

    struct CPU: Hashable, Sendable {
        var total: UInt64 = 0
        var kernel: UInt64 = 0
        var user: UInt64 = 0
        /// By processor; cgroup v1 only.
        var each: [UInt64] = []
        var eachKernel: [UInt64] = []
        var eachUser: [UInt64] = []
        var periods: UInt64 = 0
        var throttledPeriods: UInt64 = 0
        var throttledTime: UInt64 = 0
        var pressure: Pressure?
    }

    /// The settings of a v1 cpuset.
    struct CPUSetState: Hashable, Sendable {
        var cpus: [UInt16] = []
        var mems: [UInt16] = []
        /// By the name of the file without `cpuset.`.
        var flags: [String: Int64] = [:]
    }

    struct Memory: Hashable, Sendable {
        var cache: UInt64 = 0
        var usage = Amount()
        /// Memory and swap together.
        var swap = Amount()
        var kernel = Amount()
        var kernelTCP = Amount()
        /// All of `memory.stat`.
        var raw: [String: UInt64] = [:]
        var pressure: Pressure?
    }

    struct Amount: Hashable, Sendable {
        var limit: UInt64 = 0
        var usage: UInt64 = 0
        var max: UInt64 = 0
        var failures: UInt64 = 0
    }

    struct Pids: Hashable, Sendable {
        var current: UInt64 = 0
        var limit: UInt64 = 0
    }

    struct IO: Hashable, Sendable {
        /// By the name `events` prints, for example `ioServicedRecursive`.
        var tables: [Table] = []
        var pressure: Pressure?

        struct Table: Hashable, Sendable {
            var name: String
            var entries: [Entry]
        }

        struct Entry: Hashable, Sendable {
            var major: UInt64
            var minor: UInt64
            /// For example `Read`; empty where the kernel does not tell them apart.
            var operation: String
            var value: UInt64
        }
    }

    struct Hugepages: Hashable, Sendable {
        /// For example `2MB`.
        var size: String
        var usage: UInt64
        var max: UInt64
        var failures: UInt64
    }

    /// How long work had to wait for a resource. Documentation/accounting/psi.rst.
    struct Pressure: Hashable, Sendable {
        /// At least one process waited.
        var some = Share()
        /// All of them did.
        var full = Share()

        /// Percent of the last 10, 60 and 300 seconds; microseconds in total.
        struct Share: Hashable, Sendable {
            var last10 = 0.0
            var last60 = 0.0
            var last300 = 0.0
            var total: UInt64 = 0
        }

        /// Reads a `.pressure` file; `nil` when the kernel does not keep it.
        init?(_ lines: [[Substring]]) {
            if lines.isEmpty { return nil }
            for line in lines {
                var share = Share()
                for word in line.dropFirst() {
                    let parts = word.split(separator: "=")
                    guard parts.count == 2 else { continue }
                    switch parts[0] {
                    case "avg10": share.last10 = Double(parts[1]) ?? 0
                    case "avg60": share.last60 = Double(parts[1]) ?? 0
                    case "avg300": share.last300 = Double(parts[1]) ?? 0
                    default: share.total = UInt64(parts[1]) ?? 0
                    }
                }
                if line.first == "some" { some = share } else { full = share }
            }
        }
    }
}

extension Cgroup {
    /// Reads the kernel's counters. What a kernel or a cgroup does not count is zero.
    ///
    /// - Throws: ``CgroupError`` when the cgroup is gone.
    public func statistics() throws(CgroupError) -> Statistics {
        guard exists else {
            throw .system(
                step: "read statistics", reason: "the container has no cgroup, or it is gone", hint: "")
        }
        var statistics = Statistics()
        if isUnified, let directory = unifiedDirectory {
            statistics.readUnified(ControlFiles(directory))
            // Without the controller nobody counts: look, as runc does.
            if statistics.pids.current == 0 { statistics.pids.current = UInt64(try processes().count) }
        } else {
            statistics.readLegacy { directory(of: $0).map(ControlFiles.init) }
        }
        return statistics
    }
}

/// The page sizes for which `directory` has `hugetlb.SIZE.SUFFIX`.
func hugepageSizes(_ names: [String], suffix: String) -> [String] {
    names.compactMap { name in
        guard name.hasPrefix("hugetlb."), name.hasSuffix("B." + suffix) else { return nil }
        let size = name.dropFirst(8).dropLast(suffix.utf8.count + 1)
        return size.contains(".") ? nil : String(size)
    }.sorted()
}
