import ArgumentParser
import CommandWords
import Engine
import Kernel

/// Where the program begins.
@main
enum Main {
    static func main() {
        _ = openMissingStandardStreams()
        // A reader who has gone away is an error to tell of, not a death half way.
        swallowSignal(Signal.pipe)
        // Nobody types it, and somebody waits for it: the parser, which costs more than the work, is passed by.
        if let own = OwnCommand(Array(CommandLine.arguments.dropFirst())) { exitNow(perform(own)) }
        if let word = CommandLine.arguments.dropFirst().first, later.contains(word) {
            report(EngineError("'\(word)' is not supported by apus yet", .invalid))
            exitNow(1)
        }
        if let stranger = unknownCommand(CommandLine.arguments.dropFirst().first) {
            report(EngineError(stranger, .invalid))
            exitNow(1)
        }
        do {
            var command = try command(Array(CommandLine.arguments.dropFirst()))
            try command.run()
        } catch {
            guard Apus.exitCode(for: error) == .validationFailure else { Apus.exit(withError: error) }
            writeError(Array((Apus.fullMessage(for: error) + "\n").utf8))
            // Docker's code for a command line which makes no sense.
            exitNow(125)
        }
    }

    /// Answers the exit code.
    private static func perform(_ command: OwnCommand) -> Int32 {
        do throws(EngineError) {
            try makeEngine(on: command.paths).perform(command)
            return 0
        } catch {
            report(error)
            return 1
        }
    }

    /// The command the words are.
    private static func command(_ words: [String]) throws(any Error) -> any ParsableCommand {
        // The tree of all commands costs a third of a container's start; it is for help, and for what is wrong with the words.
        if let word = words.first, let type = subcommands.first(where: { $0.names.contains(word) })?.type,
            let command = try? type.parseAsRoot(Array(words.dropFirst())), command is any EngineCommand
        {
            return command
        }
        return try Apus.parseAsRoot(words)
    }

    private static var subcommands: [(names: [String], type: any ParsableCommand.Type)] {
        Apus.configuration.subcommands.map { ([$0._commandName] + $0.configuration.aliases, $0) }
    }

    /// What to say of a first word that is no command, which would be told as one argument too many; `nil` when it is one.
    private static func unknownCommand(_ word: String?) -> String? {
        guard let word, !word.hasPrefix("-"), word != "help" else { return nil }
        let known = subcommands.flatMap(\.names)
        guard !known.contains(word) else { return nil }
        let hint = nearest(to: word, in: known).map { "; did you mean '\($0)'" } ?? ""
        return "'\(word)' is not a command\(hint). See 'apus --help'"
    }

    /// Commands of Docker this engine knows by name only.
    private static let later: Set<String> = [
        "build", "builder", "buildx", "commit", "compose", "config", "context",
        "login", "logout",
        "manifest", "plugin", "push", "search", "secret", "service", "stack", "swarm", "trust",
    ]
}
