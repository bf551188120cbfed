import Testing

private let longestFile = 300
private let longestFunction = 60

@Suite struct SizeTests {
    @Test func filesAreSmall() throws {
        let isCode: (String) -> Bool = { [".swift", ".c", ".h"].contains(where: $0.hasSuffix) }
        for file in try Tree.files(below: ["Sources", "plugins", "conformance", "Tests"], where: isCode) {
            #expect(file.lines.count <= longestFile + 1, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test func functionsAreSmall() throws {
        for file in try Tree.sources() {
            for function in functions(file.lines) where function.length > longestFunction {
                Issue.record("\(file.path): \(function.length) lines: \(function.head)")
            }
        }
    }

    @Test func theLengthOfAFunctionIsItsBracesAndAllBetween() {
        let text = Text(path: "", "struct A {\n    func b() {\n        c()\n    }\n\n    init() { d() }\n}\n")
        #expect(functions(text.lines).map(\.length) == [3])
    }
}

/// The functions of formatted code: a head which ends in `{`, up to the brace in the same column.
private func functions(_ lines: [Substring]) -> [(head: Substring, length: Int)] {
    var found: [(head: Substring, length: Int)] = []
    for (start, line) in lines.enumerated() where isFunctionHead(line) {
        let margin = line.prefix { $0 == " " }
        guard let end = lines[(start + 1)...].firstIndex(where: { $0.hasPrefix(margin + "}") }) else {
            continue
        }
        if line.hasSuffix("}") { continue }
        found.append((line.dropFirst(margin.count), end - start + 1))
    }
    return found
}

private func isFunctionHead(_ line: Substring) -> Bool {
    let words = line.split(separator: " ").prefix { $0 != "=" && $0 != "{" }
    return words.contains("func") || words.contains { $0.hasPrefix("init(") || $0 == "deinit" }
}
