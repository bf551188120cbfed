import ArgumentParser
import Engine

/// `apus volume`
struct VolumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volume", abstract: "Manage volumes.",
        subcommands: [
            VolumeCreateCommand.self,
            VolumeInspectCommand.self,
            VolumeListCommand.self,
            VolumePruneCommand.self,
            VolumeRemoveCommand.self,
        ])
}

/// `apus volume create`
struct VolumeCreateCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a volume.")
    @OptionGroup var places: Places
    @Option(name: [.customShort("d"), .long], help: ArgumentHelp("Only local.", valueName: "name"))
    var driver = "local"
    @Option(
        name: .customLong("label"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Label the volume.", valueName: "name=value"))
    var labels: [String] = []
    @Option(
        name: [.customShort("o", allowingJoined: true), .customLong("opt")],
        parsing: .unconditionalSingleValue, help: .hidden)
    var options: [String] = []
    @Argument(help: "Name; one is made up without.") var name: String?

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        guard driver == "local" else {
            throw EngineError(
                "error looking up volume plugin \(driver): plugin \"\(driver)\" not found", .notFound)
        }
        guard options.isEmpty else {
            throw EngineError("volume create --opt is not supported by apus yet", .invalid)
        }
        try show(engine.volumes.create(name, labels: Engine.labels(labels)).name)
        return 0
    }
}

/// `apus volume inspect`
struct VolumeInspectCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show all about one or more volumes.")
    @OptionGroup var places: Places
    @Option(
        name: [.customShort("f", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("json, or a template.", valueName: "format"))
    var format: String?
    @Argument(help: "Names.") var volumes: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let store = engine.volumes
        return try inspect(volumes, format: format) { name, list throws(EngineError) in
            list.add(store.inspected(try store.volume(name)))
        }
    }
}

/// `apus volume ls`
struct VolumeListCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List volumes.", aliases: ["list"])
    @OptionGroup var places: Places
    @Option(
        name: [.customShort("f", allowingJoined: true), .customLong("filter")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("dangling, driver, label, name.", valueName: "key=value"))
    var filters: [String] = []
    @Option(parsing: .unconditional, help: ArgumentHelp("table, json, or a template.", valueName: "format"))
    var format: String?
    @Flag(name: [.customShort("q"), .long], help: "Show names only.") var quiet = false

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let filters = try Filters(filters, allowed: VolumeStore.filterKeys)
        let volumes = try engine.volumes.volumes(filters, users: engine.volumeUsers())
        if quiet {
            for volume in volumes { try show(volume.name) }
            return 0
        }
        var listing = Listing([
            .init("Driver", "DRIVER"), .init("Name", "VOLUME NAME"), .init("Labels", "LABELS"),
            .init("Mountpoint", "MOUNTPOINT"), .init("Scope", "SCOPE"),
        ])
        for volume in volumes {
            listing.add(
                [
                    "local", volume.name, labelsColumn(volume.labels),
                    engine.volumes.directory(volume.name), "local",
                ], labels: volume.labels)
        }
        try write(listing.text(format: format, standard: ["Driver", "Name"]))
        return 0
    }
}

/// `apus volume prune`
struct VolumePruneCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove unused volumes.")
    @OptionGroup var places: Places
    @Flag(name: [.customShort("a"), .long], help: "Named volumes, too.") var all = false
    @Flag(name: [.customShort("f"), .long], help: "Do not ask.") var force = false
    @Option(
        name: .customLong("filter"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("label.", valueName: "key=value"))
    var filters: [String] = []

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let filters = try Filters(filters, allowed: ["all", "label"])
        let what = all ? "all" : "anonymous"
        let warning = "This will remove \(what) local volumes not used by at least one container."
        if !force, try !confirm(warning) { return 0 }
        let takesNamed = try filters.flag("all") == true
        let pruned = try engine.volumes.prune(
            all: all || takesNamed, filters, users: engine.volumeUsers)
        try showDeleted("Volumes", pruned.names)
        try show("Total reclaimed space: \(decimalSize(pruned.freedBytes, digits: 4))")
        return 0
    }
}

/// `apus volume rm`
struct VolumeRemoveCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove one or more volumes.", aliases: ["remove"])
    @OptionGroup var places: Places
    @Flag(name: [.customShort("f"), .long], help: "That one is not there is no error.") var force = false
    @Argument(help: "Names.") var volumes: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try forEach(volumes) { name throws(EngineError) in
            do throws(EngineError) {
                try engine.volumes.remove(name) { () throws(EngineError) in
                    try engine.volumeUsers()[name] ?? []
                }
            } catch {
                guard force, error.kind == .notFound else { throw error }
            }
        }
    }
}
