internal import Kernel

extension Statistics {
    /// Reads a cgroup v2 directory.
    mutating func readUnified(_ files: ControlFiles) {
        let table = files.table("cpu.stat")
        cpu.total = table.number("usage_usec") * 1000
        cpu.user = table.number("user_usec") * 1000
        cpu.kernel = table.number("system_usec") * 1000
        cpu.periods = table.number("nr_periods")
        cpu.throttledPeriods = table.number("nr_throttled")
        cpu.throttledTime = table.number("throttled_usec") * 1000
        cpu.pressure = Pressure(files.lines("cpu.pressure"))
        memory = Memory(unified: files)
        pids = Pids(files)
        io = IO(unified: files)
        let names = (try? listDirectory(files.directory)) ?? []
        hugepages = hugepageSizes(names, suffix: "current").map { size in
            let rsvd = names.contains("hugetlb.\(size).rsvd.current") ? ".rsvd" : ""
            return Hugepages(
                size: size, usage: files.number("hugetlb.\(size)\(rsvd).current") ?? 0, max: 0,
                failures: files.table("hugetlb.\(size).events").number("max"))
        }
    }
}

extension Statistics.Memory {
    init(unified files: ControlFiles) {
        let table = files.table("memory.stat")
        cache = table.number("file")
        raw = Dictionary(table.rows.map { ($0.name, $0.value) }) { first, _ in first }
        pressure = Statistics.Pressure(files.lines("memory.pressure"))
        usage = Self.amount(files, "memory")
        swap = Self.amount(files, "memory.swap")
        // v1 counts memory and swap together, and that is what readers of this form expect.
        swap.usage += usage.usage
        if swap.limit != .max { swap.limit = swap.limit.addingReportingOverflow(usage.limit).partialValue }
        if usage.limit == .max, swap.limit != .max { swap.limit = .max }
        swap.max = 0
    }

    private static func amount(_ files: ControlFiles, _ prefix: String) -> Statistics.Amount {
        Statistics.Amount(
            limit: files.number("\(prefix).max") ?? 0, usage: files.number("\(prefix).current") ?? 0,
            max: files.number("\(prefix).peak") ?? 0)
    }
}

extension Statistics.IO {
    /// Lines like `8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0`, turned into the tables of v1.
    init(unified files: ControlFiles) {
        pressure = Statistics.Pressure(files.lines("io.pressure"))
        var bytes: [Entry] = []
        var operations: [Entry] = []
        for line in files.lines("io.stat") {
            let device = line[0].split(separator: ":").compactMap { UInt64($0) }
            guard device.count == 2 else { continue }
            for word in line.dropFirst() {
                let parts = word.split(separator: "=")
                guard parts.count == 2, let value = UInt64(parts[1]),
                    let name = Self.operations[String(parts[0])]
                else { continue }
                let entry = Entry(major: device[0], minor: device[1], operation: name, value: value)
                if parts[0].hasSuffix("bytes") { bytes.append(entry) } else { operations.append(entry) }
            }
        }
        tables = [
            Table(name: "ioServiceBytesRecursive", entries: bytes),
            Table(name: "ioServicedRecursive", entries: operations),
        ].filter { !$0.entries.isEmpty }
    }

    private static let operations = [
        "rbytes": "Read", "wbytes": "Write", "rios": "Read", "wios": "Write", "dbytes": "Discard",
        "dios": "Discard",
    ]
}
