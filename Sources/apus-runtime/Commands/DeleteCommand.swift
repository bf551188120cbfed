import Runtime

/// `delete ID`: removes what a container holds. OCI runtime-spec, runtime.md, "Delete".
struct DeleteCommand: Command {
    static var verb: Verb {
        Verb(
            "delete", "delete any resources held by a stopped container",
            options: [.flag("force", short: "f", "kill the container first; one that is missing is no error")]
        )
    }

    private let id: String
    private let force: Bool

    init(_ arguments: Arguments) throws(Failure) {
        id = arguments.positionals[0]
        force = arguments.flag("force")
    }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        do throws(RuntimeError) {
            try surroundings.runtime.delete(id, force: force)
        } catch {
            // What --force is asked for holds already.
            if force, case .unknown = error { return 0 }
            throw Failure(error.description)
        }
        return 0
    }
}
