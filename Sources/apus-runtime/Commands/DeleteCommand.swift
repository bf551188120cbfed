import CommandWords
import Runtime

/// `delete ID`: removes what a container holds. OCI runtime-spec, runtime.md, "Delete".
struct DeleteCommand: Command {
    static var verb: Verb {
        Verb(
            "delete", "delete any resources held by a stopped container",
            options: [
                .flag("force", short: "f", "kill the container first; one that is missing is no error"),
                Selection.option,
            ])
    }

    private let selection: Selection
    private let force: Bool

    init(_ arguments: Arguments) throws(Failure) {
        selection = Selection(arguments)
        force = arguments.flag("force")
    }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        try selection.forEach("delete", surroundings) { id throws(Failure) in
            try delete(id, surroundings.runtime)
        }
        return 0
    }

    private func delete(_ id: String, _ runtime: ContainerRuntime) throws(Failure) {
        do throws(RuntimeError) {
            try runtime.delete(id, force: force)
        } catch {
            // What --force is asked for holds already.
            if force, case .unknown = error { return }
            throw Failure(error.description)
        }
    }
}
