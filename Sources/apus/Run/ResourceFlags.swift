import ArgumentParser
import Engine

/// Flags about what a container gets of the machine, which `update` changes, too.
struct ResourceFlags: ParsableArguments {
    @Option(
        name: [.customShort("m", allowingJoined: true), .customLong("memory")],
        help: ArgumentHelp("Limit of memory.", valueName: "bytes"))
    var memory: String?
    @Option(
        name: .customLong("memory-swap"), parsing: .unconditional,
        help: ArgumentHelp("Limit of memory and swap together; -1 for none.", valueName: "bytes"))
    var memoryAndSwap: String?
    @Option(
        name: .customLong("memory-reservation"),
        help: ArgumentHelp("Soft limit of memory.", valueName: "bytes"))
    var memoryReservation: String?
    @Option(help: ArgumentHelp("How many processors' time, for example 1.5.", valueName: "number"))
    var cpus: String?
    @Option(
        name: [.customShort("c", allowingJoined: true), .customLong("cpu-shares")],
        help: ArgumentHelp("Share of processor time when it is scarce.", valueName: "number"))
    var cpuShares: Int64?
    @Option(
        name: .customLong("cpu-period"),
        help: ArgumentHelp("Period of --cpu-quota.", valueName: "microseconds"))
    var cpuPeriod: Int64?
    @Option(
        name: .customLong("cpu-quota"), parsing: .unconditional,
        help: ArgumentHelp("Processor time in each period.", valueName: "microseconds"))
    var cpuQuota: Int64?
    @Option(name: .customLong("cpuset-cpus"), help: ArgumentHelp("Which processors.", valueName: "0-2,4"))
    var processors: String?
    @Option(name: .customLong("cpuset-mems"), help: ArgumentHelp("Which memory nodes.", valueName: "0-1"))
    var memoryNodes: String?
    @Option(
        name: .customLong("pids-limit"), parsing: .unconditional,
        help: ArgumentHelp("Limit of processes and threads; -1 for none.", valueName: "number"))
    var pids: Int64?

    func fill(_ limits: inout ContainerRecord.Limits) throws(EngineError) {
        if let memory { limits.memory = try byteCount(memory, "--memory") }
        if let memoryAndSwap {
            limits.memoryAndSwap =
                memoryAndSwap == "-1" ? -1 : try byteCount(memoryAndSwap, "--memory-swap")
        }
        if let memoryReservation {
            limits.memoryReservation = try byteCount(memoryReservation, "--memory-reservation")
        }
        if let cpus { limits.nanoCPUs = try machineProcessors(cpus) }
        limits.cpuShares = cpuShares
        limits.cpuPeriod = cpuPeriod
        limits.cpuQuota = cpuQuota
        limits.cpus = processors ?? ""
        limits.memoryNodes = memoryNodes ?? ""
        limits.pids = pids
    }
}
