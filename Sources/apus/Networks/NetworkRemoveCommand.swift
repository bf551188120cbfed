import ArgumentParser
import Engine

/// Removes networks.
struct NetworkRemoveCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove one or more networks.", aliases: ["remove"])

    @OptionGroup var places: Places
    @Flag(name: [.short, .long], help: "A network that is not there is no error.")
    var force = false
    @Argument(help: "Names or IDs.")
    var networks: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let store = NetworkStore(engine.networkEnvironment)
        return try forEach(networks) { name throws(EngineError) in
            do throws(EngineError) { _ = try store.remove(name) } catch {
                guard force, error.kind == .notFound else { throw error }
            }
        }
    }
}

/// Removes networks no container is in.
struct NetworkPruneCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove all networks no container is in.")

    @OptionGroup var places: Places
    @Flag(name: [.short, .long], help: "Do not ask.")
    var force = false
    @Option(
        name: .customLong("filter"),
        help: ArgumentHelp("Only some: label, until.", valueName: "key=value"))
    var filters: [String] = []

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let filter = try PruneFilter(filters)
        if !force {
            try write(
                "WARNING! This will remove all custom networks not used by at least one container.\n"
                    + "Are you sure you want to continue? [y/N] ")
            guard let answer = readLine()?.lowercased(), ["y", "yes"].contains(answer) else { return 0 }
        }
        let removed = try NetworkStore(engine.networkEnvironment).prune {
            filter.admits(labels: $0.labels, created: $0.created)
        }
        guard !removed.isEmpty else { return 0 }
        try show("Deleted Networks:")
        for name in removed { try show(name) }
        try show("")
        return 0
    }
}
