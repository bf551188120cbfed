import CommandWords
import Suite

/// The options which all parts have: which cases, how many at once, and what is written.
struct RunOptions {
    /// Ids of cases, sections or parts of them; empty is all.
    let wanted: [String]
    let workers: Int
    let threshold: Clause.Level
    let isQuiet: Bool
    /// Where each kind of report goes: a path, or `-` for standard output.
    let files: [(format: Format, path: String)]
    /// A JSON report to compare with.
    let older: String?

    /// A kind of report.
    enum Format: String, CaseIterable {
        case tap, junit, json, html, badge
    }

    static let options: [Option] = [
        .list("case", "run only the cases whose id is `ID`, or begins with it (may be given again)"),
        .value("workers", "how many cases run at the same time (default: the number of processors)"),
        .value("level", "the weakest broken clause that counts: must (default), should, may, known"),
        .value("tap", "write the report as TAP to the file, - is standard output"),
        .value("junit", "write the report as JUnit XML"),
        .value("json", "write the report as JSON, which --diff reads"),
        .value("html", "write the report as one page with the way to repeat each case by hand"),
        .value("badge", "write a picture (SVG) for a README"),
        .value("diff", "compare with an older JSON report"),
        .flag("quiet", short: "q", "print nothing but the last line and errors"),
    ]

    init(_ arguments: Arguments) throws(Failure) {
        wanted = arguments.values("case")
        workers =
            try arguments.parsed("workers", "a number from 1 to 64") { text -> Int? in
                guard let number: Int = natural(text), 1...64 ~= number else { return nil }
                return number
            } ?? processorCount()
        threshold = try arguments.parsed("level", "must, should, may or known", level) ?? .must
        isQuiet = arguments.flag("quiet")
        older = arguments.value("diff")
        files = Format.allCases.compactMap { format in
            arguments.value(format.rawValue).map { (format, $0) }
        }
    }
}

private func level(_ word: String) -> Clause.Level? {
    switch word.lowercased() {
    case "must": .must
    case "should": .should
    case "may": .may
    case "known": .known
    default: nil
    }
}
