/// What a run of the suite found.
package struct Report: Sendable {
    /// The program under test, for example `plugin bridge in /usr/lib/cni`.
    package var subject: String
    /// The moment of the run, as RFC 3339 writes it.
    package var date: String
    package var milliseconds: Int64
    package var results: [CaseResult]
    package var coverage: [Coverage]
    /// The weakest level that counts; a broken clause below it is advice.
    package var threshold: Clause.Level

    package init(
        subject: String, date: String, milliseconds: Int64, results: [CaseResult], coverage: [Coverage],
        threshold: Clause.Level
    ) {
        self.subject = subject
        self.date = date
        self.milliseconds = milliseconds
        self.results = results
        self.coverage = coverage
        self.threshold = threshold
    }

    /// What a result means at the threshold of this report.
    package func outcome(_ result: CaseResult) -> Outcome {
        switch result.verdict {
        case .passed: .passed
        case .skipped: .skipped
        case .trouble: .trouble
        case .failed: result.entry.level >= threshold ? .failed : .advice
        }
    }

    /// How many results mean `outcome`.
    package func count(_ outcome: Outcome) -> Int { results.count { self.outcome($0) == outcome } }

    /// Whether nothing that counts was found.
    package var isGood: Bool { count(.failed) == 0 && count(.trouble) == 0 }

    /// One line for a person and for scripts.
    package var summary: String {
        let advice = count(.advice)
        let trouble = count(.trouble)
        return "\(count(.passed)) passed, \(count(.failed)) failed, \(count(.skipped)) skipped"
            + (advice == 0 ? "" : ", \(advice) advice") + (trouble == 0 ? "" : ", \(trouble) in trouble")
    }
}

/// What a result means for the whole.
package enum Outcome: String, CaseIterable, Sendable {
    case passed
    case failed
    case skipped
    /// A clause is broken whose level is below what counts.
    case advice
    case trouble
}

extension CaseResult {
    /// What was expected and seen, or why there was nothing to see; empty for a case that passed.
    package var explanation: String {
        switch verdict {
        case .passed: ""
        case .failed(let finding): "expected \(finding.expected); seen: \(finding.seen)"
        case .skipped(let reason), .trouble(let reason): reason
        }
    }
}
