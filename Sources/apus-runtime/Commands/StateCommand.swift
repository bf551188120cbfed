import CommandWords
import JSON
import Runtime

/// `state ID`: prints the container's state. OCI runtime-spec, runtime.md, "Query State".
struct StateCommand: Command {
    static var verb: Verb { Verb("state", "print the state of a container as JSON") }

    private let id: String

    init(_ arguments: Arguments) throws(Failure) { id = arguments.positionals[0] }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        let summary = try operation { () throws(RuntimeError) in try surroundings.runtime.summary(id) }
        try printOut(summary.json.prettyText(indent: "  ") + "\n")
        return 0
    }
}

extension ContainerSummary {
    /// The object runc prints for a container: the specification's state, and what engines want to know.
    var json: JSONValue {
        var object = JSONObject()
        object.set("ociVersion", ociVersion)
        object.set("id", id)
        object.set("pid", state.pid ?? 0)
        object.set("status", state.name)
        object.set("bundle", bundle)
        object.set("rootfs", rootfs)
        object.set("created", created)
        if !annotations.isEmpty {
            let sorted = annotations.sorted { $0.key < $1.key }
            object.set("annotations", .object(sorted.map { .init($0.key, .string($0.value)) }))
        }
        object.set("owner", owner)
        return object.value
    }
}
