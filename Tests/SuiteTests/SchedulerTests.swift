import Kernel
import Suite
import Testing

@Suite struct SchedulerTests {
    @Test(arguments: [1, 4]) func everyCaseEndsInItsOwnWay(_ workers: Int) throws {
        let report = try sampleReport(workers: workers)
        let words = report.results.map { "\($0.entry.id) \(report.outcome($0).rawValue)" }
        #expect(
            words == [
                "t.passes passed", "t.finds failed", "t.advises advice", "t.skips skipped", "t.hangs failed",
                "t.dies trouble",
            ])
        #expect(report.summary == "1 passed, 2 failed, 1 skipped, 1 advice, 1 in trouble")
        #expect(!report.isGood)
    }

    @Test func aStepIsWrittenDown() throws {
        let step = try #require(try sampleReport().results.first?.steps.first)
        #expect(step.output == "it's\n" && step.status == "exit status 0")
        #expect(step.shellText == "env -i 'A=b c' /bin/echo 'it'\\''s' <<'EOF'\nx\nEOF\n")
    }

    @Test func theReasonOfASkipIsTheMachines() throws {
        let result = try #require(try sampleReport().results.first { $0.entry.id == "t.skips" })
        #expect(result.explanation == "no-such-program is not in PATH")
    }
}
