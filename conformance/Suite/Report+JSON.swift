package import JSON

extension Report {
    /// The whole report; ``ReportSummary`` reads it back for a comparison.
    package var json: JSONValue {
        var object = JSONObject()
        object.set("program", "apus-conformance")
        object.set("subject", subject)
        object.set("date", date)
        object.set("milliseconds", milliseconds)
        object.set("threshold", threshold.rawValue)
        var summary = JSONObject()
        for outcome in Outcome.allCases { summary.set(outcome.rawValue, count(outcome)) }
        object.set("summary", summary)
        object.set("coverage", coverage) { $0.json }
        object.set("results", .array(results.map(json)))
        return object.value
    }

    private func json(_ result: CaseResult) -> JSONValue {
        var object = JSONObject()
        object.set("id", result.entry.id)
        object.set("section", result.entry.section)
        object.set("title", result.entry.title)
        object.set("outcome", outcome(result).rawValue)
        object.set("clauses", result.entry.clauses) { $0.json }
        switch result.verdict {
        case .passed: break
        case .failed(let finding):
            object.set("expected", finding.expected)
            object.set("seen", finding.seen)
        case .skipped(let reason), .trouble(let reason): object.set("reason", reason)
        }
        object.set("milliseconds", result.milliseconds)
        if !result.output.isEmpty { object.set("output", result.output) }
        object.set("steps", result.steps) { $0.json }
        return object.value
    }
}

extension Clause {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("id", id)
        object.set("level", level.rawValue)
        object.set("text", text)
        object.set("source", source)
        return object.value
    }
}

extension Coverage {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("name", name)
        object.set("clauses", clauses)
        object.set("covered", covered)
        object.set("cases", cases)
        object.set("missing", missing) { item in
            var missing = JSONObject()
            missing.set("id", item.clause.id)
            missing.set("reason", item.reason)
            return missing.value
        }
        return object.value
    }
}
