import ArgumentParser
import Engine
import Kernel

/// `apus image`
struct ImageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image", abstract: "Manage images.",
        subcommands: [
            HistoryCommand.self,
            ImportCommand.self,
            ImageInspectCommand.self,
            LoadCommand.self,
            ImageListCommand.self,
            ImagePruneCommand.self,
            PullCommand.self,
            ImageRemoveCommand.self,
            SaveCommand.self,
            TagCommand.self,
        ])
}

/// `apus image inspect`
struct ImageInspectCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show all about one or more images.")
    @OptionGroup var places: Places
    @Option(
        name: [.customShort("f", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("json, or a template.", valueName: "format"))
    var format: String?
    @Argument(help: "Names or IDs.") var images: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let store = try engine.images()
        return try inspect(images, format: format) { name, list throws(EngineError) in
            list.add(try store.inspected(name))
        }
    }
}

/// `apus history`
struct HistoryCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show how an image was made.")
    @OptionGroup var places: Places
    @Option(parsing: .unconditional, help: ArgumentHelp("table, json, or a template.", valueName: "format"))
    var format: String?
    @Flag(name: .customLong("no-trunc"), help: "Show whole commands.") var showsAll = false
    @Flag(name: [.customShort("q"), .long], help: "Show IDs only.") var quiet = false
    @Argument(help: "Name or ID.") var image: String

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let listing = try engine.images().history(image, now: currentTimestamp(), showsAll: showsAll)
        let columns = ["ID", "CreatedSince", "CreatedBy", "Size", "Comment"]
        try write(listing.text(format: quiet ? "{{.ID}}" : format, standard: columns))
        return 0
    }
}

/// Shows what is known about each of `names`; what fails is told, and the rest is shown all the same.
func inspect(
    _ names: [String], format: String?,
    _ body: (String, inout InspectionList) throws(EngineError) -> Void
) throws(EngineError) -> Int32 {
    var (list, code) = (InspectionList(), Int32(0))
    for name in names {
        do throws(EngineError) { try body(name, &list) } catch {
            report(error)
            code = 1
        }
    }
    try write(list.text(format: format))
    return code
}
