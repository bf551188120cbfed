import Testing

/// The page that explains how a plugin is written, and the files it explains.
@Suite struct ExampleTests {
    private let page: Text
    private let swift: Text
    private let shell: Text

    init() throws {
        page = try Tree.text("docs/write-a-plugin.md")
        swift = try Tree.text("docs/examples/label/Label.swift")
        shell = try Tree.text("docs/examples/hosts/hosts")
    }

    @Test func thePageShowsTheWholeOfBothFiles() {
        #expect(blocks("swift") == code(swift))
        #expect(blocks("sh") == code(shell))
    }

    @Test func bothAreShort() {
        #expect(code(swift).count <= 60 && swift.lines.count - 1 <= 60)
        #expect(shell.lines.count - 1 <= 20)
    }

    /// The lines of the page's blocks in a language, but for empty ones.
    private func blocks(_ language: String) -> [Substring] {
        var found: [Substring] = []
        var isInside = false
        for line in page.lines {
            if line == "```\(language)" {
                isInside = true
            } else if line == "```" {
                isInside = false
            } else if isInside, !line.isEmpty {
                found.append(line)
            }
        }
        return found
    }

    private func code(_ text: Text) -> [Substring] { text.lines.filter { !$0.isEmpty } }
}
