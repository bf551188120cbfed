import ArgumentParser
import Engine

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
