import ArgumentParser
import Engine

/// What removing images may be asked for.
struct ImageRemoveOptions: ParsableArguments {
    @Flag(
        name: [.customShort("f"), .long],
        help: "Also by an ID with several names, and what stopped containers use.")
    var force = false
    @Flag(name: .customLong("no-prune"), help: .hidden) var keepsParents = false
    @Argument(help: "Names or IDs.") var images: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let store = try engine.images()
        var code: Int32 = 0
        for name in images {
            do throws(EngineError) {
                for line in try store.remove(name, force: force) { try show(line) }
            } catch {
                // Docker: what is not there is what force wanted.
                if force, error.kind == .notFound { continue }
                report(error)
                code = 1
            }
        }
        return code
    }
}

/// `apus rmi`
struct RemoveImageCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "rmi", abstract: "Remove one or more images.")
    @OptionGroup var places: Places
    @OptionGroup var options: ImageRemoveOptions

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 { try options.perform(engine) }
}

/// `apus image rm`
struct ImageRemoveCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove one or more images.", aliases: ["remove"])
    @OptionGroup var places: Places
    @OptionGroup var options: ImageRemoveOptions

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 { try options.perform(engine) }
}

/// `apus image prune`
struct ImagePruneCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove unused images.")
    @OptionGroup var places: Places
    @Flag(
        name: [.customShort("a"), .long],
        help: "All images without a container, not only those without a name.")
    var all = false
    @Flag(name: [.customShort("f"), .long], help: "Do not ask.") var force = false

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let what = all ? "images without at least one container associated to them" : "dangling images"
        if !force, try !confirm("This will remove all \(what).") { return 0 }
        let pruned = try engine.images().prune(all: all)
        try showDeleted("Images", pruned.lines)
        try show("Total reclaimed space: \(decimalSize(pruned.freedBytes, digits: 4))")
        return 0
    }
}
