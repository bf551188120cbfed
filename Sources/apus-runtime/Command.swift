import CommandWords
import Runtime

/// A command: reads its own words, then does its work.
protocol Command {
    static var verb: Verb { get }

    /// Takes what the command needs out of `arguments`.
    init(_ arguments: Arguments) throws(Failure)

    /// Does the work; the answer is the exit code.
    func run(_ surroundings: Surroundings) throws(Failure) -> Int32
}

/// What every command works with.
struct Surroundings {
    let runtime: ContainerRuntime
    let globals: Globals
    let log: Log
}

extension VerbName {
    /// What the command is called, takes and says of itself.
    var verb: Verb {
        switch self {
        case .checkpoint: CheckpointCommand.verb
        case .completion: CompletionCommand.verb
        case .create: CreateCommand.verb
        case .delete: DeleteCommand.verb
        case .events: EventsCommand.verb
        case .exec: ExecCommand.verb
        case .features: FeaturesCommand.verb
        case .kill: KillCommand.verb
        case .list: ListCommand.verb
        case .pause: PauseCommand.verb
        case .ps: PsCommand.verb
        case .restore: RestoreCommand.verb
        case .resume: ResumeCommand.verb
        case .run: RunCommand.verb
        case .spec: SpecCommand.verb
        case .start: StartCommand.verb
        case .state: StateCommand.verb
        case .update: UpdateCommand.verb
        }
    }

    /// Reads `words` as this command has them, and runs it.
    func run(_ words: [String], _ surroundings: Surroundings) throws(Failure) -> Int32 {
        switch self {
        case .checkpoint: try perform(CheckpointCommand.self, words, surroundings)
        case .completion: try perform(CompletionCommand.self, words, surroundings)
        case .create: try perform(CreateCommand.self, words, surroundings)
        case .delete: try perform(DeleteCommand.self, words, surroundings)
        case .events: try perform(EventsCommand.self, words, surroundings)
        case .exec: try perform(ExecCommand.self, words, surroundings)
        case .features: try perform(FeaturesCommand.self, words, surroundings)
        case .kill: try perform(KillCommand.self, words, surroundings)
        case .list: try perform(ListCommand.self, words, surroundings)
        case .pause: try perform(PauseCommand.self, words, surroundings)
        case .ps: try perform(PsCommand.self, words, surroundings)
        case .restore: try perform(RestoreCommand.self, words, surroundings)
        case .resume: try perform(ResumeCommand.self, words, surroundings)
        case .run: try perform(RunCommand.self, words, surroundings)
        case .spec: try perform(SpecCommand.self, words, surroundings)
        case .start: try perform(StartCommand.self, words, surroundings)
        case .state: try perform(StateCommand.self, words, surroundings)
        case .update: try perform(UpdateCommand.self, words, surroundings)
        }
    }
}

private func perform<C: Command>(
    _: C.Type, _ words: [String], _ surroundings: Surroundings
) throws(Failure) -> Int32 {
    guard let arguments = try C.verb.arguments(words, in: programName) else { return 0 }
    return try C(arguments).run(surroundings)
}
