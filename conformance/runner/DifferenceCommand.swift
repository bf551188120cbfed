import CommandWords
import Suite

/// `diff OLD NEW`: what changed between two JSON reports.
struct DifferenceCommand: Command {
    let verb = Verb(
        "diff", "compare two JSON reports; the exit code is 1 when a case fails that did not before",
        usage: "<old.json> <new.json>", subject: "report", positionals: 2...2)

    func run(_ arguments: Arguments) throws(Failure) -> Int32 {
        let difference = ReportDifference(
            from: try readSummary(arguments.positionals[0]), to: try readSummary(arguments.positionals[1]))
        try printOut(difference.text)
        return difference.isWorse ? 1 : 0
    }
}
