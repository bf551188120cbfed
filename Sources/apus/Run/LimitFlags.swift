import ArgumentParser
import Engine

/// Flags about how much of the machine the container gets.
struct LimitFlags: ParsableArguments {
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
    @Option(
        name: .customLong("oom-score-adj"), parsing: .unconditional,
        help: ArgumentHelp("Who is killed first when memory runs out, -1000 to 1000.", valueName: "number"))
    var oomScoreAdjustment: Int64?
    @Flag(
        name: .customLong("oom-kill-disable"),
        help: "Let the container wait for memory instead of being killed.")
    var disablesOOMKiller = false
    @Option(
        name: .customLong("ulimit"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Limit of each process.", valueName: "name=soft[:hard]"))
    var ulimits: [String] = []

    func fill(_ record: inout ContainerRecord) throws(EngineError) {
        if let memory { record.limits.memory = try byteCount(memory, "--memory") }
        if let memoryAndSwap {
            record.limits.memoryAndSwap =
                memoryAndSwap == "-1" ? -1 : try byteCount(memoryAndSwap, "--memory-swap")
        }
        if let memoryReservation {
            record.limits.memoryReservation = try byteCount(memoryReservation, "--memory-reservation")
        }
        if let cpus { record.limits.nanoCPUs = try processorBillionths(cpus) }
        record.limits.cpuShares = cpuShares
        record.limits.cpuPeriod = cpuPeriod
        record.limits.cpuQuota = cpuQuota
        record.limits.cpus = processors ?? ""
        record.limits.memoryNodes = memoryNodes ?? ""
        record.limits.pids = pids
        if let oomScoreAdjustment {
            guard (-1000...1000).contains(oomScoreAdjustment) else {
                throw EngineError(
                    "Invalid value \(oomScoreAdjustment), range for oom score adj is [-1000, 1000]", .invalid)
            }
            record.limits.oomScoreAdjustment = oomScoreAdjustment
        }
        record.limits.disablesOOMKiller = disablesOOMKiller
        for text in ulimits { record.ulimits.append(try ContainerRecord.Ulimit(option: text)) }
    }
}
