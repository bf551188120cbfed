/// Which of the things nobody uses are removed. `--filter label=..., label!=..., until=...`
package struct PruneFilter: Sendable {
    private let filters: Filters
    private let until: [Moment]

    package init(_ words: [String]) throws(EngineError) {
        filters = try Filters(words, allowed: ["label", "label!", "until"])
        until = try filters.values(of: "until").map { (text) throws(EngineError) in
            guard let moment = Moment(text) ?? Self.ago(text) else {
                throw EngineError(
                    "invalid filter 'until=\(text)': it is a moment (2026-01-31T12:00:00Z) or a span of time (24h)",
                    .invalid)
            }
            return moment
        }
    }

    /// Whether what has these labels and was made then may go.
    package func admits(labels: [String: String], created: String) -> Bool {
        guard filters.admitLabels(labels) else { return false }
        if filters.values(of: "label!").contains(where: { hasLabel($0, labels) }) { return false }
        guard let moment = Moment(created) else { return until.isEmpty }
        return until.allSatisfy { moment < $0 }
    }

    /// `10m`, `1h30m`: so long ago.
    private static func ago(_ text: String) -> Moment? {
        guard let span = try? nanoseconds(text, "until"), span > 0 else { return nil }
        return Moment(ago: span)
    }
}
