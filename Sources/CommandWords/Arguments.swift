/// The words of a command, taken apart by its table of options.
///
/// The rules are those of Go's `flag` package with urfave/cli above it, which other runtimes' users and
/// callers know: `--name value`, `--name=value`, one dash or two before short and long names alike, `--`
/// ends the options, and options may stand behind positionals unless those belong to a program inside.
package struct Arguments {
    package private(set) var positionals: [String] = []
    package private(set) var asksForHelp = false
    private var given: [(name: String, value: String)] = []
    private let command: String

    /// Reads `words` as the options and positionals of `verb` in the program `program`.
    package init(_ words: [String], of verb: Verb, in program: String) throws(Failure) {
        try self.init(
            words, options: verb.options + [.helpFlag], command: "\(program) \(verb.name)",
            passesRestOn: verb.passesRestOn)
    }

    /// Reads `words`; `command` is what `--help` stands behind in an error: the program, or one of its verbs.
    package init(_ words: [String], options: [Option], command: String, passesRestOn: Bool) throws(Failure) {
        self.command = command
        var index = 0
        while index < words.count {
            let word = words[index]
            index += 1
            if word == "--" { break }
            guard word.hasPrefix("-"), word != "-" else {
                positionals.append(word)
                if passesRestOn { break }
                continue
            }
            let (name, value) = try split(word)
            let option = try find(name, in: options)
            if option.form == .flag {
                given.append((option.name, try truth(value ?? "true", of: name)))
            } else if let value {
                given.append((option.name, value))
            } else {
                guard index < words.count else { throw usage("\(dashed(name)) needs a value") }
                given.append((option.name, words[index]))
                index += 1
            }
        }
        positionals += words[index...]
        asksForHelp = flag("help")
    }

    /// - Throws: a ``Failure`` when there are fewer or more positionals than `verb` takes.
    func checkCount(of verb: Verb) throws(Failure) {
        if positionals.count < verb.positionals.lowerBound {
            throw usage(
                verb.positionals.upperBound == 1 ? "the \(verb.subject) is missing" : "arguments are missing")
        }
        if positionals.count > verb.positionals.upperBound {
            throw usage("unexpected argument '\(positionals[verb.positionals.upperBound])'")
        }
    }

    /// Whether the flag `name` is on.
    package func flag(_ name: String) -> Bool { choice(name) ?? false }

    /// The state the flag `name` was given; `nil` when it was not.
    package func choice(_ name: String) -> Bool? { value(name).map { $0 == "true" } }

    /// The last value given for `name`.
    package func value(_ name: String) -> String? { given.last { $0.name == name }?.value }

    /// All values given for `name`, in order.
    package func values(_ name: String) -> [String] { given.filter { $0.name == name }.map(\.value) }

    /// The value of `name` as `parse` reads it; `expected` completes "... needs" in the error's text.
    package func parsed<Value>(
        _ name: String, _ expected: String, _ parse: (String) -> Value?
    ) throws(Failure) -> Value? {
        guard let text = value(name) else { return nil }
        guard let value = parse(text) else { throw usage("--\(name) needs \(expected), not '\(text)'") }
        return value
    }

    /// An error in the use of this command.
    package func usage(_ problem: String) -> Failure { .usage(problem, of: command) }

    private func split(_ word: String) throws(Failure) -> (name: String, value: String?) {
        let body = word.dropFirst(word.hasPrefix("--") ? 2 : 1)
        let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, !first.isEmpty, !first.hasPrefix("-") else {
            throw usage("'\(word)' is no option")
        }
        return (String(first), parts.count > 1 ? String(parts[1]) : nil)
    }

    private func find(_ name: String, in options: [Option]) throws(Failure) -> Option {
        if let option = options.first(where: { $0.name == name || $0.short == name }) { return option }
        let known = options.filter { !$0.help.isEmpty }.map(\.name)
        let hint = nearest(to: name, in: known).map { " (did you mean --\($0)?)" } ?? ""
        throw usage("unknown option \(dashed(name))\(hint)")
    }

    // The spellings of Go's strconv.ParseBool.
    private func truth(_ text: String, of name: String) throws(Failure) -> String {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": return "true"
        case "0", "f", "F", "false", "FALSE", "False": return "false"
        default: throw usage("\(dashed(name)) is true or false, not '\(text)'")
        }
    }
}

private func dashed(_ name: String) -> String { (name.utf8.count == 1 ? "-" : "--") + name }
