import CommandWords
import Runtime

/// `pause ID`: stops all processes of a container where they are.
struct PauseCommand: Command {
    static var verb: Verb { Verb("pause", "suspend all processes of a container") }

    private let id: String

    init(_ arguments: Arguments) throws(Failure) { id = arguments.positionals[0] }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        try operation { () throws(RuntimeError) in try surroundings.runtime.pause(id) }
        return 0
    }
}
