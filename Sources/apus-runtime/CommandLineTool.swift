import CommandWords
import Kernel
import Runtime

/// The program: from the words of the command line to an exit code.
struct CommandLineTool {
    /// The words behind the program's name.
    let words: [String]

    func run() -> Int32 {
        var log = Log.initial
        do throws(Failure) {
            let globals = try Globals(words)
            log = try Log(place: globals.logPlace, format: globals.logFormat, threshold: globals.logLevel)
            return try run(globals, log)
        } catch {
            log.writeFatal(error.message)
            return error.code
        }
    }

    private func run(_ globals: Globals, _ log: Log) throws(Failure) -> Int32 {
        if globals.asksForVersion { return try printed(versionText()) }
        guard let word = globals.rest.first, !globals.asksForHelp else { return try printed(helpText()) }
        if word == "help" || word == "h" { return try help(on: globals.rest.dropFirst().first) }
        let name = try verbName(word)
        let runtime = ContainerRuntime(root: globals.root) { log.write(.warning, $0) }
        return try name.run(
            Array(globals.rest.dropFirst()), Surroundings(runtime: runtime, globals: globals, log: log))
    }

    private func help(on topic: String?) throws(Failure) -> Int32 {
        guard let topic else { return try printed(helpText()) }
        return try printed(verbName(topic).verb.help(in: programName))
    }

    private func verbName(_ word: String) throws(Failure) -> VerbName {
        if let name = VerbName(rawValue: word) { return name }
        let hint = nearest(to: word, in: VerbName.allCases.map(\.rawValue)).map { " (did you mean '\($0)'?)" }
        // The code callers of other runtimes know for this.
        throw Failure("unknown command '\(word)'\(hint ?? ""); see '\(programName) --help'", code: 3)
    }

    private func printed(_ text: String) throws(Failure) -> Int32 {
        try printOut(text)
        return 0
    }
}
