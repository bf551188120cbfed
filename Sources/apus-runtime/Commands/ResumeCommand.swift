import CommandWords
import Runtime

/// `resume ID`: lets a paused container go on.
struct ResumeCommand: Command {
    static var verb: Verb { Verb("resume", "resume all processes of a paused container") }

    private let id: String

    init(_ arguments: Arguments) throws(Failure) { id = arguments.positionals[0] }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        try operation { () throws(RuntimeError) in try surroundings.runtime.resume(id) }
        return 0
    }
}
