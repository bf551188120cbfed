import ArgumentParser
import Engine

/// Lists containers.
struct ListCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps", abstract: "List containers.", aliases: ["ls", "list"])

    @OptionGroup var places: Places
    @Flag(name: [.short, .customLong("all")], help: "Show all containers, not only those that run.")
    var all = false
    @Option(
        name: [.short, .customLong("filter")], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Show only some.", valueName: "key=value"))
    var filter: [String] = []
    @Option(help: ArgumentHelp("How to show them.", valueName: "table|json|TEMPLATE"))
    var format: String?
    @Option(
        name: [.customShort("n"), .customLong("last")], parsing: .unconditional,
        help: ArgumentHelp("Show the newest ones, whatever they do.", valueName: "number"))
    var last: Int?
    @Flag(name: [.short, .customLong("latest")], help: "Show the newest one, whatever it does.")
    var latest = false
    @Flag(name: .customLong("no-trunc"), help: "Shorten nothing.")
    var isWhole = false
    @Flag(name: [.short, .customLong("quiet")], help: "Only show IDs.")
    var quiet = false
    @Flag(name: [.short, .customLong("size")], help: "Show how much they have changed.")
    var size = false

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        var query = try ListQuery(filters: filter)
        (query.isAll, query.showsSize, query.isWhole) = (all, size, isWhole)
        if let last, last >= 0 { query.last = last }
        if latest { query.last = 1 }
        let containers = try engine.list(query)
        if quiet {
            for item in containers { try show(isWhole ? item.container.id : item.container.record.shortID) }
            return 0
        }
        let columns = Listing.containerColumns + (size ? ["Size"] : [])
        try write(Listing(containers, query).text(format: format, standard: columns))
        return 0
    }
}
