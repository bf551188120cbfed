import ArgumentParser
import Engine
import Kernel

/// What a list of images may be asked for.
struct ImageListOptions: ParsableArguments {
    @Flag(name: [.customShort("a"), .long], help: .hidden) var all = false
    @Flag(name: .long, help: "Show the digests of the registries.") var digests = false
    @Option(
        name: [.customShort("f", allowingJoined: true), .customLong("filter")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("reference, label, dangling, before, since.", valueName: "key=value"))
    var filters: [String] = []
    @Option(parsing: .unconditional, help: ArgumentHelp("table, json, or a template.", valueName: "format"))
    var format: String?
    @Flag(name: .customLong("no-trunc"), help: "Show whole IDs.") var showsWholeIDs = false
    @Flag(name: [.customShort("q"), .long], help: "Show IDs only.") var quiet = false
    @Argument(help: "Only the names of this repository, or this name.") var repository: String?

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        var query = ImageQuery()
        (query.reference, query.filters) = (repository ?? "", filters)
        (query.showsWholeIDs, query.showsDigests) = (showsWholeIDs, digests)
        let images = try engine.images()
        if quiet, format == nil {
            for id in try images.identifiers(query) { try show(id) }
            return 0
        }
        let listing = try images.listing(query, now: currentTimestamp())
        try write(listing.text(format: format, standard: Images.columns(query)))
        return 0
    }
}

/// `apus images`
struct ImagesCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "images", abstract: "List images.")
    @OptionGroup var places: Places
    @OptionGroup var options: ImageListOptions

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 { try options.perform(engine) }
}

/// `apus image ls`
struct ImageListCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List images.", aliases: ["list"])
    @OptionGroup var places: Places
    @OptionGroup var options: ImageListOptions

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 { try options.perform(engine) }
}
