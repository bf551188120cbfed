package import JSON

/// What a comparison needs of a report that was written as JSON.
package struct ReportSummary: Sendable {
    package let subject: String
    /// The outcome of each case, by its id, in the order of the report.
    package let outcomes: [(id: String, outcome: String)]

    package init(_ reader: JSONReader) throws(JSONError) {
        subject = try reader.required("subject").string()
        var outcomes: [(id: String, outcome: String)] = []
        for result in try reader.required("results").elements() {
            let id = try result.required("id").string()
            outcomes.append((id, try result.required("outcome").string()))
        }
        self.outcomes = outcomes
    }
}

/// What is not the same in two reports.
package struct ReportDifference: Sendable {
    /// Cases with another outcome than before; `before` or `after` is `absent` where a report has no such case.
    package let changes: [(id: String, before: String, after: String)]

    package init(from old: ReportSummary, to new: ReportSummary) {
        let before = Dictionary(old.outcomes.map { ($0.id, $0.outcome) }) { first, _ in first }
        let after = Dictionary(new.outcomes.map { ($0.id, $0.outcome) }) { first, _ in first }
        let gone = old.outcomes.map(\.id).filter { after[$0] == nil }
        var changes: [(id: String, before: String, after: String)] = []
        for id in new.outcomes.map(\.id) + gone {
            let (one, other) = (before[id] ?? "absent", after[id] ?? "absent")
            if one != other { changes.append((id, one, other)) }
        }
        self.changes = changes
    }

    /// Whether a case that did not fail before fails now.
    package var isWorse: Bool {
        changes.contains { ($0.after == "failed" || $0.after == "trouble") && $0.before != "failed" }
    }

    /// One line for each change, and a last one with their number.
    package var text: String {
        changes.map { "\($0.id): \($0.before) -> \($0.after)\n" }.joined()
            + (changes.isEmpty ? "no case changed\n" : "\(changes.count) cases changed\n")
    }
}
