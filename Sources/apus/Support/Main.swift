import ArgumentParser
import Kernel

/// Where the program begins.
@main
enum Main {
    static func main() {
        _ = openMissingStandardStreams()
        // A reader who has gone away is an error to tell of, not a death half way.
        swallowSignal(Signal.pipe)
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
}
