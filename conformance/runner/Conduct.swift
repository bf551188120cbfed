import CommandWords
import JSON
import Kernel
import Suite

/// Runs the cases of `part` and writes the reports; the answer is the exit code.
func conduct(_ part: some Part, _ arguments: Arguments, _ options: RunOptions) throws(Failure) -> Int32 {
    let older = try options.older.map(readSummary)
    let preparation = try part.prepare(arguments)
    let cases = try select(preparation.cases, options.wanted)
    let scheduler = Scheduler(cases, in: preparation.enclosure, workers: options.workers)
    let started = monotonicMilliseconds()
    var progress = Progress(total: scheduler.cases.count, options)
    let results = try system("run the cases") { () throws(SystemError) in
        try scheduler.run { result, done in progress.show(result, done) }
    }
    let report = Report(
        subject: preparation.subject, date: currentTimestamp(),
        milliseconds: monotonicMilliseconds() - started, results: results,
        coverage: part.catalogues.map { Coverage($0, part.entries) }, threshold: options.threshold)
    progress.finish()
    for (format, path) in options.files { try write(report, format, path) }
    if let older {
        let difference = ReportDifference(from: older, to: try summary(of: report.json, "this run"))
        try printOut(difference.text)
    }
    let seconds = "\(report.milliseconds / 1000).\(report.milliseconds / 100 % 10) s"
    let line = "\(report.subject): \(report.summary) in \(seconds)\n"
    // A report on standard output is for a machine: what a person reads goes beside it.
    if options.files.contains(where: { $0.path == "-" }) { printError(line) } else { try printOut(line) }
    return report.isGood ? 0 : 1
}

/// The cases a person asked for.
private func select(_ cases: [BoundCase], _ wanted: [String]) throws(Failure) -> [BoundCase] {
    guard !wanted.isEmpty else { return cases }
    for word in wanted where !cases.contains(where: { isWanted($0.entry.id, word) }) {
        let hint = nearest(to: word, in: cases.map(\.entry.id)).map { " (did you mean \($0)?)" } ?? ""
        throw Failure("no case is called '\(word)'\(hint); '\(programName) list' shows them all")
    }
    return cases.filter { item in wanted.contains { isWanted(item.entry.id, $0) } }
}

private func isWanted(_ id: String, _ word: String) -> Bool { id == word || id.hasPrefix(word) }

private func write(_ report: Report, _ format: RunOptions.Format, _ path: String) throws(Failure) {
    let text =
        switch format {
        case .tap: report.tap
        case .junit: report.junit
        case .json: report.json.prettyText(indent: " ") + "\n"
        case .html: report.html
        case .badge: report.badge
        }
    if path == "-" { return try printOut(text) }
    try system("write the report") { () throws(SystemError) in
        try FileDescriptor.open(path, [.writeOnly, .create, .truncate], mode: 0o644).write(text)
    }
}

/// Reads a JSON report that this program wrote.
func readSummary(_ path: String) throws(Failure) -> ReportSummary {
    let bytes = try system("read the report") { () throws(SystemError) in try readFile(path) }
    let value: JSONValue
    do throws(JSONError) { value = try JSONValue(parsing: bytes) } catch {
        throw Failure("\(path) is no report of this program: \(error)")
    }
    return try summary(of: value, path)
}

private func summary(of value: JSONValue, _ name: String) throws(Failure) -> ReportSummary {
    do throws(JSONError) {
        return try ReportSummary(JSONReader(value))
    } catch { throw Failure("\(name) is no report of this program: \(error)") }
}
