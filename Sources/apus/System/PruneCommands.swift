import ArgumentParser
import Engine

/// `apus system prune`
struct SystemPruneCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove what nobody uses.")
    @OptionGroup var places: Places
    @Flag(
        name: [.customShort("a"), .long],
        help: "All images without a container, not only those without a name.")
    var all = false
    @Flag(name: [.customShort("f"), .long], help: "Do not ask.") var force = false
    @Flag(help: "Anonymous volumes, too.") var volumes = false
    @Option(
        name: .customLong("filter"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("label, until.", valueName: "key=value"))
    var filters: [String] = []

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let filters = try Filters(filters, allowed: ["label", "until"])
        if !force, try !confirm(warning) { return 0 }
        var freed = try pruneContainers(engine, filters)
        let networks = try NetworkStore(engine.networkEnvironment).prune { network in
            filters.admitLabels(network.labels)
        }
        try showDeleted("Networks", networks)
        if volumes {
            let pruned = try engine.volumes.prune(all: false, filters, users: engine.volumeUsers)
            try showDeleted("Volumes", pruned.names)
            freed += pruned.freedBytes
        }
        let images = try engine.images().prune(all: all)
        try showDeleted("Images", images.lines)
        try show("Total reclaimed space: \(decimalSize(freed + images.freedBytes, digits: 4))")
        return 0
    }

    private var warning: String {
        let images = all ? "images without at least one container associated to them" : "dangling images"
        let kinds =
            ["stopped containers", "networks not used by at least one container"]
            + (volumes ? ["anonymous volumes not used by at least one container"] : [])
            + [images]
        return "This will remove:\n" + kinds.map { "  - all \($0)\n" }.joined()
    }
}

/// `apus container prune`
struct ContainerPruneCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove all stopped containers.")
    @OptionGroup var places: Places
    @Flag(name: [.customShort("f"), .long], help: "Do not ask.") var force = false
    @Option(
        name: .customLong("filter"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("label, until.", valueName: "key=value"))
    var filters: [String] = []

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let filters = try Filters(filters, allowed: ["label", "until"])
        if !force, try !confirm("This will remove all stopped containers.") { return 0 }
        let freed = try pruneContainers(engine, filters)
        try show("Total reclaimed space: \(decimalSize(freed, digits: 4))")
        return 0
    }
}

/// Removes stopped containers and tells which; answers how many bytes that frees.
private func pruneContainers(_ engine: ContainerEngine, _ filters: Filters) throws(EngineError) -> Int64 {
    let pruned = try engine.pruneContainers(filters)
    try showDeleted("Containers", pruned.containers)
    return pruned.freedBytes
}

/// A list of what is gone, with an empty line behind it; nothing when it is empty.
func showDeleted(_ kind: String, _ lines: [String]) throws(EngineError) {
    guard !lines.isEmpty else { return }
    try show("Deleted \(kind):\n\(lines.joined(separator: "\n"))\n")
}
