/// What a command is called, takes and says of itself.
struct Verb {
    let name: String
    /// One line, without a full stop.
    let summary: String
    /// What stands behind the options in the usage line.
    let usage: String
    /// How many words that are no options it takes.
    let positionals: ClosedRange<Int>
    let options: [Option]
    /// Whether what follows the first positional belongs to a program inside and is never an option.
    let passesRestOn: Bool
    /// Longer text of the help; empty where the summary says all.
    let details: String

    init(
        _ name: String, _ summary: String, usage: String = "<container-id>",
        positionals: ClosedRange<Int> = 1...1, options: [Option] = [], passesRestOn: Bool = false,
        details: String = ""
    ) {
        self.name = name
        self.summary = summary
        self.usage = usage
        self.positionals = positionals
        self.options = options
        self.passesRestOn = passesRestOn
        self.details = details
    }
}

/// The commands by the words a person types.
enum VerbName: String, CaseIterable {
    case checkpoint, create, delete, events, exec, features, kill, list, pause, ps, restore, resume, run
    case spec, start, state, update
}
