import Foundation
import JSON
import Suite
import Testing

@Suite struct ReportTests {
    private let report: Report

    init() throws { report = try sampleReport() }

    @Test func tapCountsAdviceAsTodo() {
        let lines = report.tap.split(separator: "\n")
        #expect(lines[1] == "1..6")
        #expect(lines.contains("ok 1 - t.passes: it is"))
        #expect(lines.contains("not ok 2 - t.finds: it is more") && lines.contains("#   expected: more"))
        #expect(lines.contains("not ok 3 - t.advises: it is quick # TODO SHOULD"))
        #expect(lines.contains("ok 4 - t.skips: it may # SKIP no-such-program is not in PATH"))
        #expect(lines.allSatisfy { $0.hasPrefix("#   ") || !$0.hasSuffix("# SKIP") })
    }

    @Test(arguments: ["junit", "badge"]) func theXMLIsWellFormed(_ kind: String) throws {
        let text = kind == "junit" ? report.junit : report.badge
        let file = FileManager.default.temporaryDirectory.appending(path: "suite-\(UUID()).xml")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = [
            "python3", "-c", "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])", file.path,
        ]
        try python.run()
        python.waitUntilExit()
        #expect(python.terminationStatus == 0, "\(text)")
    }

    @Test func thePageHasTheSentenceAndTheWayToRepeat() {
        let page = report.html
        #expect(page.contains("A program SHOULD be &lt;good&gt; &amp; quick."))
        #expect(page.contains("env -i 'A=b c' /bin/echo"))
        #expect(page.contains("No case for <code>t.3</code> (A program MAY hide.): nobody can see it"))
        #expect(!page.contains("src=") && !page.contains("<link"))
    }

    @Test func coverageIsANumber() {
        #expect(report.coverage.map(\.text) == ["T 1: 2 of 3 clauses have a case, 7 cases in all"])
    }

    @Test func whatChangedIsSeen() throws {
        let old = try ReportSummary(JSONReader(report.json))
        var later = report
        later.results[1].verdict = .passed
        later.results[0].verdict = .failed(Finding(expected: "a", seen: "b"))
        later.results.removeLast()
        let difference = ReportDifference(from: old, to: try ReportSummary(JSONReader(later.json)))
        #expect(
            difference.text
                == "t.passes: passed -> failed\nt.finds: failed -> passed\nt.dies: trouble -> absent\n3 cases changed\n"
        )
        #expect(difference.isWorse)
        #expect(!ReportDifference(from: old, to: old).isWorse)
    }
}
