import CommandWords

let programName = "apus-conformance"

/// The program: from the words of the command line to an exit code.
///
/// 0: nothing that counts was found. 1: something was. 2: the suite could not run.
struct CommandLineTool {
    /// The words behind the program's name.
    let words: [String]

    func run() -> Int32 {
        do throws(Failure) {
            return try choose()
        } catch {
            printError("\(programName): \(error.message)\n")
            return 2
        }
    }

    private func choose() throws(Failure) -> Int32 {
        guard let word = words.first, !["help", "--help", "-h"].contains(word) else {
            try printOut(helpText())
            return 0
        }
        if word == "--version" {
            try printOut("\(programName) \(programVersion)\n")
            return 0
        }
        guard let command = commands.first(where: { $0.verb.name == word }) else {
            let hint = nearest(to: word, in: commands.map(\.verb.name)).map { " (did you mean '\($0)'?)" }
            throw Failure("unknown command '\(word)'\(hint ?? ""); see '\(programName) --help'")
        }
        guard let arguments = try command.verb.arguments(Array(words.dropFirst()), in: programName) else {
            return 0
        }
        return try command.run(arguments)
    }
}

/// The version of the program.
let programVersion = "0.1.0"

private func helpText() -> String {
    """
    NAME:
       \(programName) - checks CNI plugins, programs that call them, and OCI runtimes

    Each case quotes the sentence of the specification it checks, runs in namespaces of its own, and tells
    how to repeat it by hand. The program under test can be anybody's.

    USAGE:
       \(programName) command [command options] [arguments...]

    COMMANDS:

    """ + helpTable(commands.map { ($0.verb.name, $0.verb.summary) })
        + "\nEXIT CODE:\n   0 nothing that counts was found, 1 something was, 2 the suite could not run\n"
}
