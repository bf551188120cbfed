import ArgumentParser
import Engine

/// The hosts which share overlay networks.
struct NodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Show and remove hosts of the cluster.",
        subcommands: [NodeListCommand.self, NodeRemoveCommand.self])
}

/// Lists the hosts of the cluster.
struct NodeListCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List hosts of the cluster.", aliases: ["list"])

    @OptionGroup var places: Places
    @Option(help: "json, table, or a template such as '{{.ID}} {{.Name}}'.")
    var format: String?
    @Flag(name: [.short, .customLong("quiet")], help: "Only show IDs.")
    var quiet = false

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let nodes = try Cluster(engine.networkEnvironment).nodes()
        if quiet {
            for node in nodes { try show(node.id) }
        } else {
            try write(NodeListing(nodes).text(format: format))
        }
        return 0
    }
}

/// Gives back the addresses of hosts which have gone for good.
struct NodeRemoveCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Give back the addresses of hosts which have gone for good.",
        aliases: ["remove"])

    @OptionGroup var places: Places
    @Argument(help: "IDs, or their beginnings.")
    var nodes: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let cluster = Cluster(engine.networkEnvironment)
        return try forEach(nodes) { node throws(EngineError) in try cluster.removeNode(node) }
    }
}
