import ArgumentParser
import Engine

/// Lists containers.
struct ListCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "ps", abstract: "List containers.")

    @OptionGroup var places: Places
    @Flag(name: [.short, .customLong("all")], help: "Show all containers, not only those that run.")
    var all = false
    @Flag(name: [.short, .customLong("quiet")], help: "Only show IDs.")
    var quiet = false

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        for record in try engine.records() {
            let container = Container(record, of: engine)
            let state = try container.state()
            if !all && state.live == nil { continue }
            try show("\(record.shortID)  \(record.image)  \(state.word)  \(record.name)")
        }
        return 0
    }
}
