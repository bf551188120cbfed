import ArgumentParser
import Engine

/// Starts containers that do not run.
struct StartCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start one or more stopped containers.")

    @OptionGroup var places: Places
    @Flag(
        name: [.customShort("a"), .customLong("attach")],
        help: "Attach the container's output and forward signals.")
    var attach = false
    @Flag(name: [.short, .customLong("interactive")], help: "Attach the container's standard input.")
    var interactive = false
    @Option(help: "Forward signals to the container.")
    var sigProxy = true
    @Option(help: "The keys which end the attachment.")
    var detachKeys = DetachKeys.standard
    @Argument(help: "Names or IDs.")
    var containers: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        guard attach || interactive else {
            return try forEach(containers) { name throws(EngineError) in try engine.container(name).start() }
        }
        guard containers.count == 1 else {
            throw EngineError("you cannot start and attach multiple containers at once", .invalid)
        }
        let container = try engine.container(containers[0])
        let options = AttachOptions(
            readsInput: interactive, hasTerminal: container.record.hasTerminal, proxiesSignals: sigProxy,
            detachKeys: detachKeys)
        return try runAttached(container, options)
    }
}

/// How a container is brought to its end.
struct EndFlags: ParsableArguments {
    @Option(
        name: [.short, .customLong("signal")], help: "The signal to send, in place of the container's own.")
    var signal: String?
    @Option(
        name: [.customShort("t"), .customLong("timeout"), .customLong("time")],
        help: "Seconds to wait before SIGKILL; -1 is for ever.")
    var timeout: Int?
}

/// Stops containers.
struct StopCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop one or more running containers.")

    @OptionGroup var places: Places
    @OptionGroup var end: EndFlags
    @Argument(help: "Names or IDs.")
    var containers: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try forEach(containers) { name throws(EngineError) in
            try engine.container(name).stop(signal: end.signal, seconds: end.timeout)
        }
    }
}

/// Stops containers and starts them again.
struct RestartCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Restart one or more containers.")

    @OptionGroup var places: Places
    @OptionGroup var end: EndFlags
    @Argument(help: "Names or IDs.")
    var containers: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try forEach(containers) { name throws(EngineError) in
            try engine.container(name).restart(signal: end.signal, seconds: end.timeout)
        }
    }
}

/// Sends a signal to containers.
struct KillCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "Kill one or more running containers.")

    @OptionGroup var places: Places
    @Option(name: [.short, .customLong("signal")], help: "The signal to send.")
    var signal = "KILL"
    @Argument(help: "Names or IDs.")
    var containers: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try forEach(containers) { name throws(EngineError) in try engine.container(name).kill(signal: signal)
        }
    }
}

/// Removes containers.
struct RemoveCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove one or more containers.")

    @OptionGroup var places: Places
    @Flag(
        name: [.short, .customLong("force")],
        help: "Kill containers that run, and pass over those that are not there.")
    var force = false
    @Flag(name: [.short, .customLong("volumes")], help: "Remove the containers' anonymous volumes, too.")
    var volumes = false
    @Argument(help: "Names or IDs.")
    var containers: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try forEach(containers, passesOverMissing: force) { name throws(EngineError) in
            try engine.container(name).remove(force: force, withVolumes: volumes)
        }
    }
}

/// Waits for the end of containers.
struct WaitCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Block until containers stop, then print their exit codes.")

    @OptionGroup var places: Places
    @Argument(help: "Names or IDs.")
    var containers: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        var code: Int32 = 0
        for name in containers {
            do throws(EngineError) { try show(String(engine.container(name).wait())) } catch {
                report(error)
                code = 1
            }
        }
        return code
    }
}
