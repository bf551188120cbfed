import CommandWords
import Runtime

/// `run ID`: creates and starts a container, and unless detached waits for its program.
struct RunCommand: Command {
    static var verb: Verb {
        Verb(
            "run", "create and run a container",
            options: CreationRequest.options + [
                .flag("detach", short: "d", "do not wait for the container's program"),
                .flag("keep", "do not delete the container after it has exited"),
                .flag("no-subreaper", "do not adopt the processes the container leaves behind"),
            ],
            details: "The exit code is the program's own, or 128 and the number of the signal that ended it.")
    }

    private let request: CreationRequest
    private let options: RunOptions

    init(_ arguments: Arguments) throws(Failure) {
        request = try CreationRequest(arguments)
        var options = RunOptions()
        options.detach = arguments.flag("detach")
        options.keep = arguments.flag("keep")
        options.noSubreaper = arguments.flag("no-subreaper")
        self.options = options
    }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        try surroundings.globals.prepareCreation()
        return try operation { () throws(RuntimeError) in
            try surroundings.runtime.run(request.options, options)
        }
    }
}
