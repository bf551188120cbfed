import CommandWords
import Kernel
import Suite

/// What a person sees while the cases run: on a terminal a line that changes, and each finding as it comes.
struct Progress {
    private let total: Int
    private let isQuiet: Bool
    private let isLive: Bool
    private let threshold: Clause.Level
    private var failures = 0

    init(total: Int, _ options: RunOptions) {
        self.total = total
        isQuiet = options.isQuiet || options.files.contains { $0.path == "-" }
        isLive = !isQuiet && isTerminal(2)
        threshold = options.threshold
    }

    mutating func show(_ result: CaseResult, _ done: Int) {
        guard !isQuiet else { return }
        switch result.verdict {
        case .passed, .skipped: break
        case .failed, .trouble:
            clearLine()
            printError(finding(result))
            failures += 1
        }
        guard isLive else { return }
        clearLine()
        printError("[\(done)/\(total)] \(failures == 0 ? "" : "\(failures) found, ")\(result.entry.id)")
    }

    func finish() { clearLine() }

    private func clearLine() { if isLive { printError("\r\u{1b}[K") } }

    private func finding(_ result: CaseResult) -> String {
        let word: String =
            switch result.verdict {
            case .trouble: "TROUBLE"
            case .failed where result.entry.level < threshold: "advice "
            case .failed, .passed, .skipped: "FAILED "
            }
        var text = "\(word) \(result.entry.id): \(result.entry.title)\n"
        for clause in result.entry.clauses {
            text += "        \(clause.level.rawValue): \(clause.text) [\(clause.source)]\n"
        }
        // The whole of it is in the reports.
        let lines = result.explanation.split(separator: "\n")
        text += lines.prefix(8).map { "        \($0.prefix(400))\n" }.joined()
        return lines.count > 8 ? text + "        [\(lines.count - 8) more lines]\n" : text
    }
}
