import JSON
import Kernel
import Suite

/// A bench without surroundings, for cases that need none.
struct Desk: Bench {
    let recorder: Recorder

    init(_ subject: String, _ recorder: Recorder) { self.recorder = recorder }
}

extension Clause {
    static let rule = Clause("t.1", .must, "A program MUST be.", "https://example.org/spec#one")
    static let advice = Clause("t.2", .should, "A program SHOULD be <good> & quick.", "spec.md#two")
}

let sample = Section<Desk>(
    "T sample",
    [
        Case("t.passes", "it is", .rule) { bench throws(Stop) in
            _ = try bench.recorder.run(
                Step(command: ["/bin/echo", "it's"], environment: ["A=b c"], input: "x"))
        },
        Case("t.finds", "it is more", .rule, .advice) { _ throws(Stop) in
            throw Stop.finding(expected: "more\n# SKIP", seen: "<less>")
        },
        Case("t.advises", "it is quick", .advice) { _ throws(Stop) in
            throw Stop.finding(expected: "quick", seen: "slow")
        },
        Case("t.skips", "it may", .advice, needs: [.program("no-such-program")]) { _ throws(Stop) in },
        Case("t.hangs", "it ends", .rule, seconds: 1) { _ throws(Stop) in pause(milliseconds: 60_000) },
        Case("t.dies", "it lives", .rule) { _ throws(Stop) in exitNow(3) },
        Case("t.elsewhere", "it is something else", .rule, for: { $0 == "else" }) { _ throws(Stop) in },
    ])

/// The results of the sample, at the threshold MUST.
func sampleReport(workers: Int = 3) throws(SystemError) -> Report {
    let scheduler = Scheduler(sample.bound(to: "it"), in: Enclosure(), workers: workers)
    let catalogue = Catalogue(
        "T 1", address: "https://example.org", clauses: [.rule, .advice, untested],
        untested: ["t.3": "nobody can see it"])
    return Report(
        subject: "sample", date: "2026-01-01T00:00:00Z", milliseconds: 1500,
        results: try scheduler.run { _, _ in }, coverage: [Coverage(catalogue, sample.entries)],
        threshold: .must)
}

private let untested = Clause("t.3", .may, "A program MAY hide.", "spec.md#three")
