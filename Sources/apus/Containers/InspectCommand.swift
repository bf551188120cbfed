import ArgumentParser
import Engine

/// Shows everything about containers, images, networks and volumes.
struct InspectCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Return low-level information on containers, images, networks and volumes.")

    @OptionGroup var places: Places
    @Option(
        name: [.short, .customLong("format")], parsing: .unconditional,
        help: ArgumentHelp("How to show it.", valueName: "json|TEMPLATE"))
    var format: String?
    @Flag(name: [.short, .customLong("size")], help: "Show how much they have changed.")
    var size = false
    @Option(help: ArgumentHelp("Only things of this kind.", valueName: "container|image|network|volume"))
    var type: String?
    @Argument(help: "Names or IDs.")
    var names: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        var kind: InspectionKind?
        if let type {
            kind = InspectionKind(rawValue: type)
            guard kind != nil else {
                throw EngineError("\"\(type)\" is not a valid value for --type", .invalid)
            }
        }
        let result = try engine.inspect(names, kind, withSize: size, format: format)
        try write(result.text)
        for error in result.errors { report(error) }
        return result.errors.isEmpty ? 0 : 1
    }
}
