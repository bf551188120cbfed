import ArgumentParser
import Engine
import Kernel

/// Shows what containers use.
struct StatsCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Display a live stream of container resource usage statistics.")

    @OptionGroup var places: Places
    @Flag(name: [.short, .customLong("all")], help: "Show all containers, not only those that run.")
    var all = false
    @Option(help: ArgumentHelp("How to show it.", valueName: "table|json|TEMPLATE"))
    var format: String?
    @Flag(name: .customLong("no-stream"), help: "Show it once.")
    var once = false
    @Flag(name: .customLong("no-trunc"), help: "Shorten nothing.")
    var isWhole = false
    @Argument(help: "Names or IDs; all that run when there are none.")
    var containers: [String] = []

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let isScreen = isTerminal(1) && !once
        repeat {
            let listing = try engine.stats(chosen(engine), over: once ? 250 : 1000, isWhole: isWhole)
            let text = try listing.text(format: format, standard: Listing.statsColumns)
            try write(isScreen ? "\u{1B}[2J\u{1B}[H" + text : text)
        } while !once
        return 0
    }

    private func chosen(_ engine: ContainerEngine) throws(EngineError) -> [Container] {
        var chosen: [Container] = []
        if containers.isEmpty {
            var query = try ListQuery(filters: [])
            query.isAll = all
            return try engine.list(query).map(\.container)
        }
        for name in containers { chosen.append(try engine.container(name)) }
        return chosen
    }
}

/// Shows what happens.
struct EventsCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Get real time events of containers and networks.")

    @OptionGroup var places: Places
    @Option(
        name: [.short, .customLong("filter")], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Show only some.", valueName: "key=value"))
    var filter: [String] = []
    @Option(help: ArgumentHelp("How to show them.", valueName: "json|TEMPLATE"))
    var format: String?
    @Option(help: ArgumentHelp("Begin with those since then.", valueName: "time"))
    var since: String?
    @Option(help: ArgumentHelp("End with those until then.", valueName: "time"))
    var until: String?

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        var query = try EventQuery(filters: filter)
        if let since { query.since = try moment(since).total }
        if let until { query.until = try moment(until).total }
        let template =
            try format == "json" || format == nil
            ? nil : format.map { text throws(EngineError) in try Template(text) }
        try engine.paths.follow(query) { event throws(EngineError) in
            if let template {
                try show(event.text(template))
            } else {
                try show(format == "json" ? event.json : event.line)
            }
        }
        return 0
    }
}

/// Shows what this engine is made of.
struct InfoCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Display system-wide information.")

    @OptionGroup var places: Places
    @Option(
        name: [.short, .customLong("format")], parsing: .unconditional,
        help: ArgumentHelp("How to show it.", valueName: "json|TEMPLATE"))
    var format: String?

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try write(engine.information(version: Apus.configuration.version, format: format))
        return 0
    }
}

/// Shows versions.
struct VersionCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Show the versions of apus and of the programs it works with.")

    @OptionGroup var places: Places
    @Option(
        name: [.short, .customLong("format")], parsing: .unconditional,
        help: ArgumentHelp("How to show it.", valueName: "json|TEMPLATE"))
    var format: String?

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try write(engine.versions(version: Apus.configuration.version, format: format))
        return 0
    }
}
