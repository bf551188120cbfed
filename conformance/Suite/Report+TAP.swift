extension Report {
    /// The report as TAP 13. https://testanything.org/tap-version-13-specification.html
    ///
    /// A clause below the threshold that is broken is marked TODO: a reader of TAP does not count it as a failure.
    package var tap: String {
        var text = "TAP version 13\n1..\(results.count)\n"
        for (number, result) in results.enumerated() {
            let outcome = outcome(result)
            let isGood = outcome == .passed || outcome == .skipped
            text +=
                "\(isGood ? "ok" : "not ok") \(number + 1) - \(result.entry.id): \(tapSafe(result.entry.title))"
            if outcome == .skipped { text += " # SKIP \(oneLine(result.explanation))" }
            if outcome == .advice { text += " # TODO \(result.entry.level.rawValue)" }
            text += "\n" + (isGood ? "" : diagnostics(result))
        }
        return text
    }

    private func diagnostics(_ result: CaseResult) -> String {
        var lines = ["level: \(result.entry.level.rawValue)"]
        for clause in result.entry.clauses { lines.append("clause: \(clause.text) [\(clause.source)]") }
        switch result.verdict {
        case .failed(let finding): lines += ["expected: \(finding.expected)", "seen: \(finding.seen)"]
        default: lines.append(result.explanation)
        }
        return lines.flatMap { $0.split(separator: "\n") }.map { "#   \($0)\n" }.joined()
    }
}

/// `text` without what TAP takes for a directive.
private func tapSafe(_ text: String) -> String { String(text.map { $0 == "#" ? "+" : $0 }) }

/// `text` with a space for each line end.
func oneLine(_ text: String) -> String { text.split(separator: "\n").joined(separator: " ") }
