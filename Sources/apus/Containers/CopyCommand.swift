import ArgumentParser
import Engine
import Kernel

/// Copies files into containers and out of them.
struct CopyCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "cp", abstract: "Copy files between a container and the host.",
        usage: """
            apus cp [<options>] <container>:<path> <path>|-
            apus cp [<options>] <path>|- <container>:<path>
            """,
        discussion: """
            - is a tar archive on standard output or input. A directory is copied with all that is in it; DIRECTORY/. stands for \
            what is in it alone. What is copied belongs to root, unless -a is given.
            """)

    @OptionGroup var places: Places
    @Flag(name: [.short, .customLong("archive")], help: "Keep the numbers of the owners.")
    var archive = false
    @Flag(
        name: [.customShort("L"), .customLong("follow-link")], help: "Follow a symbolic link as the source.")
    var followLink = false
    // Nothing is said anyway.
    @Flag(name: [.short, .customLong("quiet")], help: .hidden) var quiet = false
    @Argument(help: ArgumentHelp("What to copy.", valueName: "from")) var source: String
    @Argument(help: ArgumentHelp("Where to.", valueName: "to")) var target: String

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        var request = CopyRequest(from: source, to: target)
        request.keepsOwners = archive
        request.followsLink = followLink
        try engine.copy(request)
        return 0
    }
}

/// Writes a container's root file system as an archive.
struct ExportCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Export a container's root file system as a tar archive.",
        discussion: "Without volumes. apus import makes an image of it.")

    @OptionGroup var places: Places
    @Option(
        name: [.customShort("o", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var output: String?
    @Argument(help: "A name or an ID.") var container: String

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        guard output != nil || !isTerminal(1) else {
            throw EngineError(
                "cowardly refusing to save to a terminal. Use the -o flag or redirect", .invalid)
        }
        try engine.container(container).export(to: output)
        return 0
    }
}
