extension Report {
    /// The report as one page that needs nothing else: each clause, what came of it, and how to do it again by hand.
    package var html: String {
        var text = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        text +=
            "<title>\(escaped("Conformance of " + subject))</title>\n<style>\n\(style)</style></head><body>\n"
        text += "<h1>Conformance of \(escaped(subject))</h1>\n<p>\(escaped(summary)) on \(escaped(date)); "
        text += "a broken clause counts from level <b>\(escaped(threshold.rawValue))</b> on.</p>\n"
        text += coverageTable
        var section: String?
        for result in results {
            if section != result.entry.section { text += "<h2>\(escaped(result.entry.section))</h2>\n" }
            section = result.entry.section
            text += details(result)
        }
        return text + "</body></html>\n"
    }

    private var coverageTable: String {
        guard !coverage.isEmpty else { return "" }
        var text = "<table><tr><th>specification<th>clauses<th>with a case<th>cases</tr>\n"
        for row in coverage {
            text += "<tr><td><a href=\"\(escaped(row.address))\">\(escaped(row.name))</a>"
            text += "<td>\(row.clauses)<td>\(row.covered)<td>\(row.cases)</tr>\n"
        }
        text += "</table>\n"
        for item in coverage.flatMap(\.missing) {
            text += "<p class=\"missing\">No case for <code>\(escaped(item.clause.id))</code> "
            text += "(\(escaped(item.clause.text))): \(escaped(item.reason))</p>\n"
        }
        return text
    }

    private func details(_ result: CaseResult) -> String {
        let outcome = outcome(result)
        let isOpen = outcome == .failed || outcome == .trouble ? " open" : ""
        var text =
            "<details id=\"\(escaped(result.entry.id))\" class=\"\(outcome.rawValue)\"\(isOpen)><summary>"
        text +=
            "<b>\(outcome.rawValue)</b> <code>\(escaped(result.entry.id))</code> \(escaped(result.entry.title))</summary>\n"
        for clause in result.entry.clauses {
            text += "<blockquote>\(escaped(clause.text))<br><small>\(escaped(clause.level.rawValue)), "
            text += "\(address(clause.source))</small></blockquote>\n"
        }
        switch result.verdict {
        case .passed: break
        case .failed(let finding):
            text +=
                "<p>Expected: \(escaped(finding.expected))</p><p>Seen:</p><pre>\(escaped(finding.seen))</pre>\n"
        case .skipped(let reason), .trouble(let reason): text += "<p>\(escaped(reason))</p>\n"
        }
        if !result.output.isEmpty { text += "<p>Output:</p><pre>\(escaped(result.output))</pre>\n" }
        return text + reproduction(result) + "</details>\n"
    }

    private func reproduction(_ result: CaseResult) -> String {
        guard !result.steps.isEmpty else { return "" }
        var text =
            "<p>By hand, as root, in <code>unshare --net --mount --pid --fork --kill-child sh</code>:</p>\n<pre>"
        for step in result.steps {
            text += escaped(step.shellText)
            text += "<i>" + escaped(commented(step)) + "</i>"
        }
        return text + "</pre>\n"
    }

    private func commented(_ step: Step) -> String {
        let lines = [step.status] + step.output.split(separator: "\n").map(String.init)
        let errors = step.errors.split(separator: "\n").map { "stderr: \($0)" }
        return (lines + errors).prefix(40).map { "# \($0)\n" }.joined()
    }

    private func address(_ source: String) -> String {
        source.hasPrefix("https://")
            ? "<a href=\"\(escaped(source))\">\(escaped(source))</a>" : escaped(source)
    }
}

private let style = """
    body { font: 15px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222 }
    h2 { margin: 1.5em 0 .3em; font-size: 1.1em } table { border-collapse: collapse } td, th { padding: .2em 1em .2em 0; text-align: left }
    details { border-left: 4px solid #aaa; padding: .1em .8em; margin: .2em 0 } summary { cursor: pointer }
    .passed { border-color: #2a7a2a } .failed, .trouble { border-color: #b00020 } .advice { border-color: #b07800 }
    .passed b { color: #2a7a2a } .failed b, .trouble b { color: #b00020 } .advice b { color: #b07800 }
    blockquote { margin: .4em 0; padding-left: .8em; border-left: 2px solid #ddd } pre { background: #f5f5f5; padding: .6em; overflow-x: auto }
    pre i { color: #777; font-style: normal } .missing { font-size: .9em; margin: .1em 0 }

    """
