import ArgumentParser
import Engine

/// Flags about how the container is asked whether it is well.
struct HealthFlags: ParsableArguments {
    @Option(
        name: .customLong("health-cmd"), parsing: .unconditional,
        help: ArgumentHelp("Command that tells whether the container is well.", valueName: "command"))
    var command: String?
    @Option(
        name: .customLong("health-interval"),
        help: ArgumentHelp("Time between two checks.", valueName: "duration"))
    var interval: String?
    @Option(
        name: .customLong("health-timeout"),
        help: ArgumentHelp("How long a check may take.", valueName: "duration"))
    var timeout: String?
    @Option(
        name: .customLong("health-start-period"),
        help: ArgumentHelp("Time in which failures do not count.", valueName: "duration"))
    var startPeriod: String?
    @Option(
        name: .customLong("health-start-interval"),
        help: ArgumentHelp("Time between two checks meanwhile.", valueName: "duration"))
    var startInterval: String?
    @Option(
        name: .customLong("health-retries"),
        help: ArgumentHelp("Failures in a row until it is unhealthy.", valueName: "number"))
    var retries: Int?
    @Flag(name: .customLong("no-healthcheck"), help: "Do not check, whatever the image says.")
    var isOff = false

    func fill(_ request: inout ContainerRequest) throws(EngineError) {
        request.program.hasNoHealthcheck = isOff
        var check = ContainerRecord.Healthcheck()
        if let command { check.test = ["CMD-SHELL", command] }
        if let interval { check.interval = try nanoseconds(interval, "--health-interval") }
        if let timeout { check.timeout = try nanoseconds(timeout, "--health-timeout") }
        if let startPeriod { check.startPeriod = try nanoseconds(startPeriod, "--health-start-period") }
        if let startInterval {
            check.startInterval = try nanoseconds(startInterval, "--health-start-interval")
        }
        check.retries = retries ?? 0
        guard check.retries >= 0 else {
            throw EngineError("--health-retries cannot be negative", .invalid)
        }
        guard check != ContainerRecord.Healthcheck() else { return }
        guard !isOff else {
            throw EngineError("--no-healthcheck conflicts with --health-* options", .conflict)
        }
        request.record.healthcheck = check
    }
}
