extension Report {
    /// The report as the XML which JUnit's readers in continuous integration understand.
    ///
    /// A section is a test class. Advice is a test that passed, with the finding in its output.
    package var junit: String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites>\n<testsuite name=\"\(escaped(subject))\" tests=\"\(results.count)\""
        text += " failures=\"\(count(.failed))\" errors=\"\(count(.trouble))\" skipped=\"\(count(.skipped))\""
        text += " time=\"\(seconds(milliseconds))\" timestamp=\"\(escaped(String(date.prefix(19))))\">\n"
        for result in results { text += element(result) }
        return text + "</testsuite>\n</testsuites>\n"
    }

    private func element(_ result: CaseResult) -> String {
        let head =
            "<testcase classname=\"\(escaped(result.entry.section))\" name=\"\(escaped(result.entry.id + ": " + result.entry.title))\""
        let body =
            switch outcome(result) {
            case .passed: ""
            case .skipped: "<skipped message=\"\(escaped(oneLine(result.explanation)))\"/>"
            case .failed:
                "<failure message=\"\(escaped(oneLine(result.explanation)))\">\(details(result))</failure>"
            case .trouble:
                "<error message=\"\(escaped(oneLine(result.explanation)))\">\(details(result))</error>"
            case .advice:
                "<system-out>\(escaped("advice (\(result.entry.level.rawValue)): " + result.explanation))</system-out>"
            }
        return head + " time=\"\(seconds(result.milliseconds))\">\(body)</testcase>\n"
    }

    private func details(_ result: CaseResult) -> String {
        let clauses = result.entry.clauses.map { "\($0.level.rawValue) \($0.source): \($0.text)\n" }.joined()
        return escaped(clauses + "\n" + result.steps.map(\.shellText).joined())
    }

    private func seconds(_ milliseconds: Int64) -> String {
        let digits = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }
}

/// `text` for XML and HTML. Characters which XML 1.0 cannot have become question marks.
func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": out += "&amp;"
        case "<": out += "&lt;"
        case ">": out += "&gt;"
        case "\"": out += "&quot;"
        case "\n", "\t": out.unicodeScalars.append(scalar)
        case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: out += "?"
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out
}
