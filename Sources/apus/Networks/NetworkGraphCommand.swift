import ArgumentParser
import Engine

/// Draws the networks and what is in them.
struct NetworkGraphCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Draw networks, containers, addresses and published ports.")

    @OptionGroup var places: Places
    @Flag(help: "A picture in the words of Mermaid.")
    var mermaid = false
    @Flag(help: "A picture in SVG.")
    var svg = false

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        guard !(mermaid && svg) else { throw EngineError("--mermaid and --svg exclude each other", .invalid) }
        let graph = try NetworkGraph(engine.networkEnvironment)
        try write(mermaid ? graph.mermaid : svg ? graph.svg : graph.text)
        return 0
    }
}
