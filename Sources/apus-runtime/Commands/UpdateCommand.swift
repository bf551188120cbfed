import CommandWords
import OCISpec
import Runtime

/// `update ID`: changes the limits of a container that exists.
struct UpdateCommand: Command {
    static var verb: Verb {
        Verb(
            "update", "change the resource limits of a container", options: ResourceRequest.options,
            details: """
                A file of --resources holds an object like "linux.resources" of config.json; what it leaves out
                stays as it is, and other options then do not count. Sizes are bytes, or take a suffix k, m, g.
                """)
    }

    private let id: String
    private let request: ResourceRequest

    init(_ arguments: Arguments) throws(Failure) {
        id = arguments.positionals[0]
        request = try ResourceRequest(arguments)
    }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        if request.resources.memory?.kernel != nil || request.resources.memory?.kernelTCP != nil {
            surroundings.log.write(.warning, "kernel memory limits are ignored: the kernel has dropped them")
        }
        try operation { () throws(RuntimeError) in try surroundings.runtime.update(id, request.resources) }
        return 0
    }
}
