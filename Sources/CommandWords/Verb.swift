/// What a command is called, takes and says of itself.
package struct Verb {
    package let name: String
    /// One line, without a full stop.
    package let summary: String
    /// What stands behind the options in the usage line.
    package let usage: String
    /// What the first word that is no option names, for the error when it is missing.
    package let subject: String
    /// How many words that are no options it takes.
    package let positionals: ClosedRange<Int>
    package let options: [Option]
    /// Whether what follows the first positional belongs to a program inside and is never an option.
    package let passesRestOn: Bool
    /// Longer text of the help; empty where the summary says all.
    package let details: String

    package init(
        _ name: String, _ summary: String, usage: String = "<container-id>",
        subject: String = "container ID", positionals: ClosedRange<Int> = 1...1, options: [Option] = [],
        passesRestOn: Bool = false, details: String = ""
    ) {
        self.name = name
        self.summary = summary
        self.usage = usage
        self.subject = subject
        self.positionals = positionals
        self.options = options
        self.passesRestOn = passesRestOn
        self.details = details
    }
}

extension Verb {
    /// The help of the command in the program `program`.
    package func help(in program: String) -> String {
        var text = "NAME:\n   \(program) \(name) - \(summary)\n\n"
        text += "USAGE:\n   \(program) \(name) [command options] \(usage)\n"
        if !details.isEmpty { text += "\nDESCRIPTION:\n   \(details)\n" }
        return text + "\nOPTIONS:\n" + optionTable(options + [.helpFlag])
    }

    /// Reads `words` as this command of `program` has them; `nil` when they ask for help, which is then on standard output.
    package func arguments(_ words: [String], in program: String) throws(Failure) -> Arguments? {
        let arguments = try Arguments(words, of: self, in: program)
        if arguments.asksForHelp {
            try printOut(help(in: program))
            return nil
        }
        try arguments.checkCount(of: self)
        return arguments
    }
}
