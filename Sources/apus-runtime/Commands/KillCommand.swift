import CommandWords
import Kernel
import Runtime

/// `kill ID [SIGNAL]`: sends a signal to a container. OCI runtime-spec, runtime.md, "Kill".
struct KillCommand: Command {
    static var verb: Verb {
        Verb(
            "kill", "send a signal (default: SIGTERM) to the container's first process",
            usage: "<container-id> [signal]", positionals: 1...2,
            options: [
                .flag("all", short: "a", "send the signal to all processes of the container"),
                Selection.option,
            ],
            details: "The signal is a number or a name with or without SIG, in any case, as RTMIN+3, too.")
    }

    private let selection: Selection
    private let signal: Int32
    private let all: Bool

    init(_ arguments: Arguments) throws(Failure) {
        selection = Selection(arguments)
        all = arguments.flag("all")
        let word = arguments.positionals.count > 1 ? arguments.positionals[1] : "SIGTERM"
        guard let number = signalNumber(word) else { throw arguments.usage("unknown signal '\(word)'") }
        signal = number
    }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        try selection.forEach("kill", surroundings) { id throws(Failure) in
            try kill(id, surroundings.runtime)
        }
        return 0
    }

    private func kill(_ id: String, _ runtime: ContainerRuntime) throws(Failure) {
        do throws(RuntimeError) {
            try runtime.kill(id, signal: signal, all: all)
        } catch {
            // containerd and CRI-O look for these three words to tell "gone already" from a failure.
            if case .notPermitted(_, _, .stopped) = error {
                throw Failure("cannot kill container \(id): container not running")
            }
            throw Failure(error.description)
        }
    }
}
