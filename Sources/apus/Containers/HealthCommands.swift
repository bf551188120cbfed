import ArgumentParser
import Engine

/// Commands about health checks.
struct HealthcheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck", abstract: "Manage health checks.",
        subcommands: [HealthcheckRunCommand.self])
}

/// Checks a container once.
struct HealthcheckRunCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run the health check of a container once.",
        discussion:
            "Exits with 0 when the container is well, with 1 when it is not, with 125 when it cannot be checked."
    )

    @OptionGroup var places: Places
    @Argument(help: "A name or an ID.")
    var container: String

    var failureCode: Int32 { 125 }

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let health = try engine.container(container).checkHealth()
        guard health.log.last?.exitCode != 0 else { return 0 }
        try show(health.status.rawValue)
        return 1
    }
}
