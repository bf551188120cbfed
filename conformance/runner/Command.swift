import CommandWords
import Suite

/// A command of the program.
protocol Command: Sendable {
    var verb: Verb { get }
    /// Does the work; the answer is the exit code.
    func run(_ arguments: Arguments) throws(Failure) -> Int32
}

/// A command that checks a program: one part of the suite.
protocol Part: Command {
    /// The specifications the cases are about.
    var catalogues: [Catalogue] { get }
    /// All cases, for a list.
    var entries: [CaseEntry] { get }
    /// Finds the program under test and makes the cases for it.
    func prepare(_ arguments: Arguments) throws(Failure) -> Preparation
}

/// A program under test and the cases for it.
struct Preparation {
    /// What the report calls it.
    let subject: String
    let cases: [BoundCase]
    let enclosure: Enclosure
}

extension Part {
    func run(_ arguments: Arguments) throws(Failure) -> Int32 {
        try conduct(self, arguments, RunOptions(arguments))
    }
}

/// The parts of the suite, in the order of the help.
let parts: [any Part] = [PluginPart(), HostPart(), RuntimePart.conformance, RuntimePart.security]

/// All commands, in the order of the help.
let commands: [any Command] = parts + [ListCommand(), DifferenceCommand()]
