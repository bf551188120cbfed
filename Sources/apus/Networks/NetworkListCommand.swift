import ArgumentParser
import Engine
import JSON

/// Lists networks.
struct NetworkListCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List networks.", aliases: ["list"])

    @OptionGroup var places: Places
    @Option(
        name: [.customShort("f"), .customLong("filter")],
        help: ArgumentHelp(
            "Only some: dangling, driver, id, label, name, scope, type.", valueName: "key=value"))
    var filters: [String] = []
    @Option(help: "json, table, or a template such as '{{.ID}} {{.Name}}'.")
    var format: String?
    @Flag(name: .customLong("no-trunc"), help: "Show whole IDs.")
    var showsWholeIDs = false
    @Flag(name: [.short, .customLong("quiet")], help: "Only show IDs.")
    var quiet = false

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let environment = engine.networkEnvironment
        let filter = try NetworkFilter(filters, used: NetworkUse(environment.paths).networks())
        let (all, trouble) = try NetworkStore(environment).listing()
        if let trouble { warn(trouble) }
        let networks = all.filter(filter.admits)
        if quiet {
            for network in networks { try show(showsWholeIDs ? network.id : network.shortID) }
        } else {
            try write(NetworkListing(networks, showsWholeIDs: showsWholeIDs).text(format: format))
        }
        return 0
    }
}

/// Shows all that is known of networks.
struct NetworkInspectCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show networks as JSON.")

    @OptionGroup var places: Places
    @Option(name: [.short, .long], help: "json, or a template such as '{{.Driver}}'.")
    var format: String?
    @Flag(name: [.short, .long], help: "With the containers of other hosts, for an overlay network.")
    var verbose = false
    @Argument(help: "Names or IDs.")
    var networks: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let store = NetworkStore(engine.networkEnvironment)
        var found: [JSONValue] = []
        var code: Int32 = 0
        for name in networks {
            do throws(EngineError) {
                found.append(try store.inspection(try store.find(name), isVerbose: verbose))
            } catch {
                report(error)
                code = 1
            }
        }
        guard let format, format != "json" else {
            let value = JSONValue.array(found)
            try show(format == nil ? value.prettyText(indent: "    ") : value.text)
            return code
        }
        let template = try Template(format)
        for value in found { try show(template.text(for: value)) }
        return code
    }
}

/// Says by its exit code whether a network is there.
struct NetworkExistsCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "exists", abstract: "Exit with 0 when a network is there, else with 1.")

    @OptionGroup var places: Places
    @Argument(help: "A name or ID.")
    var network: String

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        do throws(EngineError) {
            _ = try NetworkStore(engine.networkEnvironment).find(network)
            return 0
        } catch {
            guard error.kind == .notFound else { throw error }
            return 1
        }
    }
}
