import CommandWords
import Runtime

/// `start ID`: lets the program of a created container run. OCI runtime-spec, runtime.md, "Start".
struct StartCommand: Command {
    static var verb: Verb { Verb("start", "start the program of a created container") }

    private let id: String

    init(_ arguments: Arguments) throws(Failure) { id = arguments.positionals[0] }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        try operation { () throws(RuntimeError) in
            try surroundings.runtime.start(id, for: serviceManager())
        }
        return 0
    }
}
