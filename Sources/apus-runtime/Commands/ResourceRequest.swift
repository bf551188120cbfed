import CommandWords
import OCISpec

/// What `update` is asked to change: out of a file, or out of the options.
struct ResourceRequest {
    static var options: [Option] {
        [
            .value("resources", short: "r", "file with the resources to update, or '-' for standard input"),
            .value("blkio-weight", "weight of block I/O, from 10 to 1000"),
            .value("cpu-period", "length of a CPU period in microseconds"),
            .value("cpu-quota", "CPU time in each period in microseconds; -1 for no limit"),
            .value("cpu-burst", "CPU time that may be saved up, in microseconds"),
            .value("cpu-share", "CPU shares (relative weight against other containers)"),
            .value("cpu-rt-period", "length of a realtime CPU period in microseconds"),
            .value("cpu-rt-runtime", "realtime CPU time in each period in microseconds"),
            .value("cpuset-cpus", "CPUs to use, for example 0-2,7"),
            .value("cpuset-mems", "memory nodes to use"),
            .value("cpu-idle", "1 runs the container only when nothing else wants to, 0 takes it back"),
            .value("kernel-memory", ""),
            .value("kernel-memory-tcp", ""),
            .value("memory", "memory limit in bytes; -1 for no limit"),
            .value("memory-reservation", "memory the container should keep, in bytes"),
            .value("memory-swap", "memory and swap together, in bytes; -1 for no limit"),
            .value("pids-limit", "number of processes; -1 for no limit"),
            .value("l3-cache-schema", "not supported (Intel RDT)"),
            .value("mem-bw-schema", "not supported (Intel RDT)"),
        ]
    }

    let resources: Resources

    init(_ arguments: Arguments) throws(Failure) {
        for name in ["l3-cache-schema", "mem-bw-schema"] where !(arguments.value(name) ?? "").isEmpty {
            throw Failure("--\(name) is not supported: \(programName) does not manage Intel RDT")
        }
        var resources = Resources()
        if let path = arguments.value("resources"), !path.isEmpty {
            resources = try readResources(path)
        } else {
            resources.cpu = try Self.cpu(arguments)
            resources.memory = try Self.memory(arguments)
            resources.blockIO = try Self.blockIO(arguments)
            resources.pids = try Self.pids(arguments)
        }
        // Without this, lifting the memory limit alone would be refused: swap may not stay below it.
        if resources.memory?.limit == -1, resources.memory?.swap == nil { resources.memory?.swap = -1 }
        self.resources = resources
    }

    private static func cpu(_ arguments: Arguments) throws(Failure) -> Resources.CPU {
        var cpu = Resources.CPU()
        let time = "microseconds"
        cpu.period = try arguments.number("cpu-period", time, natural)
        cpu.quota = try arguments.number("cpu-quota", time) { Int64($0) }
        cpu.burst = try arguments.number("cpu-burst", time, natural)
        cpu.shares = try arguments.number("cpu-share", "a number", natural)
        cpu.realtimePeriod = try arguments.number("cpu-rt-period", time, natural)
        cpu.realtimeRuntime = try arguments.number("cpu-rt-runtime", time) { Int64($0) }
        cpu.idle = try arguments.number("cpu-idle", "0 or 1") { $0 == "1" ? 1 : $0 == "0" ? 0 : nil }
        cpu.cpus = arguments.value("cpuset-cpus").flatMap { $0.isEmpty ? nil : $0 }
        cpu.mems = arguments.value("cpuset-mems").flatMap { $0.isEmpty ? nil : $0 }
        return cpu
    }

    private static func memory(_ arguments: Arguments) throws(Failure) -> Resources.Memory {
        var memory = Resources.Memory()
        let size = "a number of bytes like 64m, or -1"
        memory.limit = try arguments.number("memory", size, byteLimit)
        memory.reservation = try arguments.number("memory-reservation", size, byteLimit)
        memory.swap = try arguments.number("memory-swap", size, byteLimit)
        memory.kernel = try arguments.number("kernel-memory", size, byteLimit)
        memory.kernelTCP = try arguments.number("kernel-memory-tcp", size, byteLimit)
        return memory
    }

    private static func blockIO(_ arguments: Arguments) throws(Failure) -> Resources.BlockIO {
        var blockIO = Resources.BlockIO()
        let weight: UInt16? = try arguments.number("blkio-weight", "a number from 10 to 1000", natural)
        blockIO.weight = weight == 0 ? nil : weight
        return blockIO
    }

    private static func pids(_ arguments: Arguments) throws(Failure) -> Resources.Pids {
        var pids = Resources.Pids()
        let limit = try arguments.number("pids-limit", "a number, or -1") { Int64($0) }
        pids.limit = limit == 0 ? nil : limit
        return pids
    }
}

extension Arguments {
    /// Like ``parsed(_:_:_:)``; an empty value counts as absent, as callers of runc are used to.
    fileprivate func number<Value>(
        _ name: String, _ expected: String, _ parse: (String) -> Value?
    ) throws(Failure) -> Value? {
        value(name) == "" ? nil : try parsed(name, expected, parse)
    }
}
