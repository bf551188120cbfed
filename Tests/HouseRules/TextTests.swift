import Foundation
import Testing

/// Folders and files which are the project's own text.
private let ours = [".ci", "Benchmarks", "Sources", "Tests", "conformance", "docs", "plugins"]
private let ourFiles = ["CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "Package.swift", "README.md"]

@Suite struct TextTests {
    @Test func noFileNamesAPlaceOnSomebodysMachine() throws {
        let all = try Tree.files(below: ours, where: isText) + ourFiles.map(Tree.text)
        for file in all where file.path != "Tests/HouseRules/TextTests.swift" {
            for (index, line) in file.lines.enumerated() where try namesAMachine(line) {
                Issue.record("\(file.path):\(index + 1): \(line)")
            }
        }
    }

    @Test(arguments: [
        ("cd /work/x", true), ("\"/root/a\"", true), ("/b/rootfs", false), ("$r/root/a", false),
    ])
    func aPlaceIsAPathFromTheTop(_ line: String, _ isBad: Bool) throws {
        #expect(try namesAMachine(Substring(line)) == isBad)
    }

    @Test func everyDecisionIsNumberedOnceAndLinked() throws {
        let index = try Tree.text("docs/decisions/README.md").lines.joined(separator: "\n")
        let pages = try Tree.files(below: ["docs/decisions"]) {
            $0.hasSuffix(".md") && !$0.hasSuffix("README.md")
        }
        var numbers: Set<Substring> = []
        for page in pages {
            let name = String(page.path.split(separator: "/").last ?? "")
            #expect(index.contains("(\(name))"), "\(name) is not in docs/decisions/README.md")
            #expect(numbers.insert(name.prefix(4)).inserted, "\(name) has a number which is taken")
        }
        #expect(!pages.isEmpty)
    }

    @Test func everyLinkInTheDocumentationLeadsSomewhere() throws {
        let pages = try Tree.files(below: ["docs"]) { $0.hasSuffix(".md") }
        for page in try pages + ourFiles.filter({ $0.hasSuffix(".md") }).map(Tree.text) {
            for target in links(page.lines.joined(separator: "\n")) {
                let place = Tree.top.appending(path: page.path).deletingLastPathComponent().appending(
                    path: target)
                #expect(FileManager.default.fileExists(atPath: place.path), "\(page.path): \(target)")
            }
        }
    }
}

private func isText(_ path: String) -> Bool {
    !path.contains(".build/") && ![".bin", ".gz", ".tar", ".png"].contains(where: path.hasSuffix)
}

private func namesAMachine(_ line: Substring) throws -> Bool {
    try line.contains(Regex(#"(^|[\s"'`=:(])/(work|root|farm)/"#))
}

/// Targets of Markdown links which are files of the repository.
private func links(_ text: String) -> [String] {
    text.matches(of: #/\]\(([^)#\s]+)[^)]*\)/#).map { String($0.output.1) }
        .filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }
}
