internal import Kernel

extension Statistics {
    /// Reads the v1 hierarchies; `files` answers `nil` for one the container has not got.
    mutating func readLegacy(_ files: (String) -> ControlFiles?) {
        if let files = files("cpu") { readThrottling(files) }
        if let files = files("cpuacct") { readUsage(files) }
        if let files = files("cpuset") { cpuset = CPUSetState(files) }
        if let files = files("memory") { memory = Memory(legacy: files) }
        if let files = files("pids") { pids = Pids(files) }
        if let files = files("blkio") { io = IO(legacy: files) }
        if let files = files("hugetlb") { readLegacyHugepages(files) }
    }

    private mutating func readThrottling(_ files: ControlFiles) {
        let table = files.table("cpu.stat")
        cpu.periods = table.number("nr_periods")
        cpu.throttledPeriods = table.number("nr_throttled")
        cpu.throttledTime = table.number("throttled_time")
    }

    private mutating func readUsage(_ files: ControlFiles) {
        cpu.total = files.number("cpuacct.usage") ?? 0
        let modes = files.table("cpuacct.stat")
        // Ticks, of which every kernel shows 100 in a second to programs.
        cpu.user = modes.number("user") * 10_000_000
        cpu.kernel = modes.number("system") * 10_000_000
        cpu.each = files.lines("cpuacct.usage_percpu").first?.compactMap { UInt64($0) } ?? []
        for line in files.lines("cpuacct.usage_all").dropFirst() where line.count == 3 {
            cpu.eachUser.append(UInt64(line[1]) ?? 0)
            cpu.eachKernel.append(UInt64(line[2]) ?? 0)
        }
    }

    private mutating func readLegacyHugepages(_ files: ControlFiles) {
        let names = (try? listDirectory(files.directory)) ?? []
        hugepages = hugepageSizes(names, suffix: "usage_in_bytes").map { size in
            // Reservations where the kernel counts them: what a process may still use.
            let rsvd = names.contains("hugetlb.\(size).rsvd.usage_in_bytes") ? ".rsvd" : ""
            let prefix = "hugetlb.\(size)\(rsvd)"
            return Hugepages(
                size: size, usage: files.number("\(prefix).usage_in_bytes") ?? 0,
                max: files.number("\(prefix).max_usage_in_bytes") ?? 0,
                failures: files.number("\(prefix).failcnt") ?? 0)
        }
    }
}

extension Statistics.CPUSetState {
    /// The flags, in the order `events` prints them, by file name.
    static let names = [
        "cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page",
        "memory_spread_slab", "memory_pressure", "sched_load_balance", "sched_relax_domain_level",
    ]

    init(_ files: ControlFiles) {
        cpus = Self.numbers(files.text("cpuset.cpus"))
        mems = Self.numbers(files.text("cpuset.mems"))
        for name in Self.names { flags[name] = Int64(files.text("cpuset.\(name)")) ?? 0 }
    }

    /// Spells out a list like `0-3,7`.
    static func numbers(_ list: String) -> [UInt16] {
        list.split(separator: ",").flatMap { part -> [UInt16] in
            let ends = part.split(separator: "-").compactMap { UInt16($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return [] }
            return Array(first...last)
        }
    }
}

extension Statistics.Memory {
    init(legacy files: ControlFiles) {
        let table = files.table("memory.stat")
        cache = table.number("cache")
        raw = Dictionary(table.rows.map { ($0.name, $0.value) }) { first, _ in first }
        usage = Self.amount(files, "memory")
        swap = Self.amount(files, "memory.memsw")
        kernel = Self.amount(files, "memory.kmem")
        kernelTCP = Self.amount(files, "memory.kmem.tcp")
    }

    private static func amount(_ files: ControlFiles, _ prefix: String) -> Statistics.Amount {
        Statistics.Amount(
            limit: files.number("\(prefix).limit_in_bytes") ?? 0,
            usage: files.number("\(prefix).usage_in_bytes") ?? 0,
            max: files.number("\(prefix).max_usage_in_bytes") ?? 0,
            failures: files.number("\(prefix).failcnt") ?? 0)
    }
}

extension Statistics.Pids {
    init(_ files: ControlFiles) {
        current = files.number("pids.current") ?? 0
        limit = files.number("pids.max").map { $0 == .max ? 0 : $0 } ?? 0
    }
}

extension Statistics.IO {
    private static let debugFiles = [
        ("ioServiceBytesRecursive", "io_service_bytes"), ("ioServicedRecursive", "io_serviced"),
        ("ioQueueRecursive", "io_queued"), ("ioServiceTimeRecursive", "io_service_time"),
        ("ioWaitTimeRecursive", "io_wait_time"), ("ioMergedRecursive", "io_merged"),
        ("ioTimeRecursive", "time"), ("sectorsRecursive", "sectors"),
    ]

    /// The BFQ scheduler's counters where a disk uses it, those of the throttling otherwise.
    init(legacy files: ControlFiles) {
        let isWeighed = !Self.entries(files, "blkio.bfq.io_serviced_recursive").isEmpty
        for (name, file) in Self.debugFiles {
            var found = isWeighed ? Self.entries(files, "blkio.bfq.\(file)_recursive") : []
            if found.isEmpty, file.hasPrefix("io_serv"), file != "io_service_time" {
                found = Self.entries(files, "blkio.throttle.\(file)_recursive")
            }
            if !found.isEmpty { tables.append(Table(name: name, entries: found)) }
        }
    }

    /// Lines like `8:0 Read 4096`, or `8:0 4096`. The total at the end is left out.
    private static func entries(_ files: ControlFiles, _ file: String) -> [Entry] {
        files.lines(file).compactMap { words in
            guard let device = words.first?.split(separator: ":"), device.count == 2, let last = words.last,
                let major = UInt64(device[0]), let minor = UInt64(device[1]), let value = UInt64(last)
            else { return nil }
            return Entry(
                major: major, minor: minor, operation: words.count == 3 ? String(words[1]) : "", value: value)
        }
    }
}
