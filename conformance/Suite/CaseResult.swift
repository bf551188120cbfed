internal import JSON

/// How a case ended.
package struct CaseResult: Sendable {
    package let entry: CaseEntry
    package var verdict: Verdict
    /// The commands the case ran, in order.
    package var steps: [Step] = []
    /// Facts the case found out, in order.
    package var notes: [(name: String, fact: String)] = []
    package var milliseconds: Int64 = 0
    /// What the case's own process wrote to standard output and standard error.
    package var output = ""

    /// What came of a case.
    package enum Verdict: Hashable, Sendable {
        case passed
        case failed(Finding)
        case skipped(String)
        /// The suite could not do its work; counts like a failure.
        case trouble(String)

        /// The word in a report.
        package var word: String {
            switch self {
            case .passed: "passed"
            case .failed: "failed"
            case .skipped: "skipped"
            case .trouble: "trouble"
            }
        }
    }

    init(_ entry: CaseEntry, _ verdict: Verdict) {
        self.entry = entry
        self.verdict = verdict
    }
}

extension CaseResult {
    /// Reads what the case's ``Recorder`` wrote. A case without an end died; `death` says how.
    mutating func read(_ bytes: [UInt8], death: String) {
        verdict = .trouble("the case ended without a word: \(death)")
        for line in bytes.split(separator: 10) {
            do throws(JSONError) { try read(JSONReader(JSONValue(parsing: Array(line)))) } catch {
                // A line cut off by a kill.
                continue
            }
        }
    }

    private mutating func read(_ line: JSONReader) throws(JSONError) {
        if let step = try line.optional("step") {
            steps.append(try Step(step))
        } else if let words = try line.optional("note")?.strings(), words.count == 2 {
            notes.append((words[0], words[1]))
        } else if let words = try line.optional("finding")?.strings(), words.count == 2 {
            verdict = .failed(Finding(expected: words[0], seen: words[1]))
        } else if let reason = try line.optional("skip")?.string() {
            verdict = .skipped(reason)
        } else if let reason = try line.optional("trouble")?.string() {
            verdict = .trouble(reason)
        } else if try line.optional("end") != nil {
            verdict = .passed
        }
    }
}
