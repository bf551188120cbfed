import ArgumentParser
import Engine

/// What `run` and `create` take.
struct CreateOptions: ParsableArguments {
    @Option(help: "A name for the container.")
    var name = ""
    @Flag(name: [.short, .customLong("interactive")], help: "Keep standard input open.")
    var interactive = false
    @Flag(name: [.short, .customLong("tty")], help: "Allocate a terminal.")
    var tty = false
    @Flag(name: .customLong("rm"), help: "Remove the container when it ends.")
    var remove = false
    @Option(help: "When to start again after an end.")
    var restart = "no"
    @Option(help: "The OCI runtime, a name or a path.")
    var runtime = ""
    @Argument(help: "The image.")
    var image: String
    @Argument(parsing: .captureForPassthrough, help: "The program and its arguments.")
    var command: [String] = []

    func create(_ engine: ContainerEngine) throws(EngineError) -> Container {
        var record = ContainerRecord()
        record.name = name
        record.image = image
        record.keepsInputOpen = interactive
        record.hasTerminal = tty
        record.removesItself = remove
        record.runtime = runtime
        record.arguments = command
        let parts = restart.split(separator: ":")
        if let kind = ContainerRecord.RestartPolicy.Kind(rawValue: String(parts[0])) {
            record.restart.kind = kind
        }
        if parts.count > 1 { record.restart.maximumRetries = Int(parts[1]) ?? 0 }
        return try engine.create(record, network: SandboxRequest(containerID: "", name: "")).container
    }
}
