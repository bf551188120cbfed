import ArgumentParser
import Engine

/// Freezes containers.
struct PauseCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Pause all processes within one or more containers.")

    @OptionGroup var places: Places
    @Argument(help: "Names or IDs.")
    var containers: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try forEach(containers) { name throws(EngineError) in try engine.container(name).pauseProcesses() }
    }
}

/// Lets frozen containers go on.
struct UnpauseCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpause", abstract: "Unpause all processes within one or more containers.")

    @OptionGroup var places: Places
    @Argument(help: "Names or IDs.")
    var containers: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try forEach(containers) { name throws(EngineError) in try engine.container(name).unpauseProcesses() }
    }
}

/// Gives a container another name.
struct RenameCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "rename", abstract: "Rename a container.")

    @OptionGroup var places: Places
    @Argument(help: "A name or an ID.")
    var container: String
    @Argument(help: "The new name.")
    var name: String

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try engine.container(container).rename(to: name)
        return 0
    }
}

/// Shows the processes of a container.
struct TopCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Display the running processes of a container.")

    @OptionGroup var places: Places
    @Argument(help: "A name or an ID.")
    var container: String
    @Argument(parsing: .captureForPassthrough, help: "Options for ps(1); -ef when there are none.")
    var options: [String] = []

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try write(engine.container(container).processTable(options))
        return 0
    }
}

/// Shows where a container's ports are published.
struct PortCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "port", abstract: "List port mappings or a specific mapping for a container.")

    @OptionGroup var places: Places
    @Argument(help: "A name or an ID.")
    var container: String
    @Argument(help: "A port of the container, and behind a slash its protocol.")
    var port: String?

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try write(engine.container(container).publishedPortsText(port))
        return 0
    }
}
