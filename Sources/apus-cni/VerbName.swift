import CommandWords

/// The commands by the words a person types.
enum VerbName: String, CaseIterable {
    case add, del, check, gc, status, version, list, reload
}

/// A command: reads its own words, then does its work.
protocol Command {
    static var verb: Verb { get }

    /// Takes what the command needs out of `arguments`.
    init(_ arguments: Arguments) throws(Failure)

    /// Does the work; the answer is the exit code.
    func run(_ settings: Settings) throws(Failure) -> Int32
}

extension VerbName {
    /// What the command is called, takes and says of itself.
    var verb: Verb {
        switch self {
        case .add: AddCommand.verb
        case .del: DelCommand.verb
        case .check: CheckCommand.verb
        case .gc: GCCommand.verb
        case .status: StatusCommand.verb
        case .version: VersionCommand.verb
        case .list: ListCommand.verb
        case .reload: ReloadCommand.verb
        }
    }

    /// Reads `words` as this command has them, and runs it; `globals` are the options before the command.
    func run(_ words: [String], _ globals: Arguments) throws(Failure) -> Int32 {
        switch self {
        case .add: try perform(AddCommand.self, words, globals)
        case .del: try perform(DelCommand.self, words, globals)
        case .check: try perform(CheckCommand.self, words, globals)
        case .gc: try perform(GCCommand.self, words, globals)
        case .status: try perform(StatusCommand.self, words, globals)
        case .version: try perform(VersionCommand.self, words, globals)
        case .list: try perform(ListCommand.self, words, globals)
        case .reload: try perform(ReloadCommand.self, words, globals)
        }
    }
}

private func perform<C: Command>(
    _: C.Type, _ words: [String], _ globals: Arguments
) throws(Failure) -> Int32 {
    guard let arguments = try C.verb.arguments(words, in: programName) else { return 0 }
    return try C(arguments).run(try Settings(arguments, globals))
}
