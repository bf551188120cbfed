import ArgumentParser
import Engine

/// Starts containers after the machine has started.
struct BootCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start the containers whose restart policy is always or unless-stopped.")

    @OptionGroup var places: Places

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let (started, errors) = try engine.startByPolicy()
        for name in started { try show(name) }
        for error in errors { report(error) }
        return errors.isEmpty ? 0 : 1
    }
}
