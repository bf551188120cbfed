import ArgumentParser
import Engine

/// The engine as a whole.
struct SystemCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "system", abstract: "Manage the engine.",
        subcommands: [
            SystemCheckCommand.self, BootCommand.self, SystemUsageCommand.self, SystemPruneCommand.self,
            EventsCommand.self, InfoCommand.self,
        ])
}

/// Compares what is stored with what there is.
struct SystemCheckCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Compare what is stored with what the kernel has.",
        discussion: "Exits with 1 when something is not as it should be, or could not be put right.")

    @OptionGroup var places: Places
    @Flag(help: "Put right what can be put right.")
    var repair = false

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let all =
            try ContainerAudit(engine).run(repairs: repair) + NetworkCheck(engine).run(repairs: repair)
            + HealthAudit(engine).run(repairs: repair)
        for remark in all where remark.isRemark { try show("\(remark.subject): \(remark.reason) (no fault)") }
        let findings = all.filter { !$0.isRemark }
        for finding in findings {
            let end = repair ? (finding.failure.map { " (not repaired: \($0))" } ?? " (repaired)") : ""
            try show("\(finding.subject): \(finding.reason)\(end)")
        }
        let isWell = findings.isEmpty || (repair && findings.allSatisfy { $0.failure == nil })
        if findings.isEmpty { try show("Everything is as it should be.") }
        return isWell ? 0 : 1
    }
}
