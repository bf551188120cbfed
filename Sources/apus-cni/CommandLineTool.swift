import CommandWords

/// The program: from the words of the command line to an exit code.
struct CommandLineTool {
    /// The words behind the program's name.
    let words: [String]

    func run() -> Int32 {
        do throws(Failure) { return try answer() } catch {
            printError("\(programName): \(error.message)\n")
            return error.code
        }
    }

    private func answer() throws(Failure) -> Int32 {
        let globals = try Arguments(
            words,
            options: Settings.options + [.helpFlag, .flag("version", short: "v", "print the version")],
            command: programName, passesRestOn: true)
        if globals.flag("version") { return try printed(versionText()) }
        guard let word = globals.positionals.first, !globals.asksForHelp else {
            return try printed(helpText())
        }
        let rest = Array(globals.positionals.dropFirst())
        if word == "help" || word == "h" { return try help(on: rest.first) }
        return try verbName(word).run(rest, globals)
    }

    private func help(on topic: String?) throws(Failure) -> Int32 {
        guard let topic else { return try printed(helpText()) }
        return try printed(verbName(topic).verb.help(in: programName))
    }

    private func verbName(_ word: String) throws(Failure) -> VerbName {
        if let name = VerbName(rawValue: word) { return name }
        let hint = nearest(to: word, in: VerbName.allCases.map(\.rawValue)).map { " (did you mean '\($0)'?)" }
        throw Failure("unknown command '\(word)'\(hint ?? ""); see '\(programName) --help'", isUsage: true)
    }

    private func printed(_ text: String) throws(Failure) -> Int32 {
        try printOut(text)
        return 0
    }
}
