import ArgumentParser
import Engine

/// Flags about how much of the machine the container gets.
struct LimitFlags: ParsableArguments {
    @OptionGroup var resources: ResourceFlags
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
        try resources.fill(&record.limits)
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
