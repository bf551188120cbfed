import ArgumentParser
import Engine
import Kernel

/// Where the program begins.
@main
enum Main {
    static func main() {
        _ = openMissingStandardStreams()
        // A reader who has gone away is an error to tell of, not a death half way.
        swallowSignal(Signal.pipe)
        if let word = CommandLine.arguments.dropFirst().first, later.contains(word) {
            report(EngineError("'\(word)' is not supported by apus yet", .invalid))
            exitNow(1)
        }
        do {
            var command = try Apus.parseAsRoot()
            try command.run()
        } catch {
            guard Apus.exitCode(for: error) == .validationFailure else { Apus.exit(withError: error) }
            writeError(Array((Apus.fullMessage(for: error) + "\n").utf8))
            // Docker's code for a command line which makes no sense.
            exitNow(125)
        }
    }

    /// Commands of Docker this engine knows by name only.
    private static let later: Set<String> = [
        "build", "builder", "buildx", "commit", "compose", "config", "context", "cp", "diff", "export",
        "login", "logout",
        "manifest", "node", "plugin", "push", "search", "secret", "service", "stack", "swarm", "trust",
        "update",
    ]
}
