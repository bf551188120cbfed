import ArgumentParser
import Engine
import Kernel

/// `apus pull`
struct PullCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Download an image from a registry.")
    @OptionGroup var places: Places
    @Option(help: ArgumentHelp("Which one of several images.", valueName: "os/architecture"))
    var platform: String?
    @Flag(name: [.customShort("q"), .long], help: "Print the name only.") var quiet = false
    @Argument(help: "Name of the image.") var image: String

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try show(pull(image, platform ?? "", engine, on: quiet ? nil : 1))
        return 0
    }
}

/// Pulls an image and tells how it goes on the stream `stream`, if any; answers the image's whole name.
@discardableResult func pull(
    _ name: String, _ platform: String, _ engine: ContainerEngine, on stream: Int32?
) throws(EngineError) -> String {
    let parts = try PullName(name)
    let display = PullDisplay(stream)
    if parts.isDefaultTag { display.show("Using default tag: latest") }
    display.show("\(parts.tag): Pulling from \(parts.path)")
    let insecure = (engine.environment["APUS_INSECURE_REGISTRIES"] ?? "").split(separator: ",").map(
        String.init)
    let pulled = try engine.images().pull(
        name, platform: platform, insecure: Set(insecure), progress: display.take)
    display.show("Digest: \(pulled.digest)")
    let status = pulled.wasCurrent ? "Image is up to date" : "Downloaded newer image"
    display.show("Status: \(status) for \(pulled.familiarName)")
    return pulled.name
}

/// `apus load`
struct LoadCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Load images from an archive, a layout directory or standard input.")
    @OptionGroup var places: Places
    @Option(
        name: [.customShort("i", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Read from a file instead of standard input.", valueName: "file"))
    var input: String?
    @Option(help: ArgumentHelp("Which one of several images.", valueName: "os/architecture"))
    var platform: String?
    @Flag(name: [.customShort("q"), .long], help: .hidden) var quiet = false

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        guard input != nil || !isTerminal(0) else {
            throw EngineError("requested load from stdin, but stdin is empty", .invalid)
        }
        for line in try engine.images().load(input == "-" ? nil : input, platform: platform ?? "") {
            try show(line)
        }
        return 0
    }
}

/// `apus save`
struct SaveCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "save", abstract: "Save images to an archive.")
    @OptionGroup var places: Places
    @Option(
        name: [.customShort("o", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var output: String?
    @Argument(help: "Names or IDs.") var images: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        guard output != nil || !isTerminal(1) else {
            throw EngineError(
                "cowardly refusing to save to a terminal. Use the -o flag or redirect", .invalid)
        }
        try engine.images().save(images, to: output)
        return 0
    }
}

/// `apus import`
struct ImportCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make an image out of the archive of a root file system.")
    @OptionGroup var places: Places
    @Option(
        name: [.customShort("c", allowingJoined: true), .customLong("change")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Apply an instruction of a Dockerfile.", valueName: "instruction"))
    var changes: [String] = []
    @Option(
        name: [.customShort("m", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Note in the image's history.", valueName: "text"))
    var message = ""
    @Argument(help: "A file, or - for standard input.") var source: String
    @Argument(help: "Name of the image.") var name: String?

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        guard !source.hasPrefix("http://"), !source.hasPrefix("https://") else {
            throw EngineError(
                "import from a URL is not supported by apus: curl \(source) | apus import -", .invalid)
        }
        try show(
            engine.images().importRoot(
                source == "-" ? nil : source, as: name, changes: changes, message: message))
        return 0
    }
}

/// `apus tag`
struct TagCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Give an image a further name.")
    @OptionGroup var places: Places
    @Argument(help: "Name or ID.") var source: String
    @Argument(help: "The new name.") var target: String

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try engine.images().tag(source, as: target)
        return 0
    }
}
