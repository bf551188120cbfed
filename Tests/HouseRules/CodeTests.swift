import Foundation
import Testing

/// A thing no source file may say, and where it may be said all the same.
private struct Ban: CustomTestStringConvertible, Sendable {
    let name: String
    let pattern: String
    let example: String
    /// Paths which begin like this are free of it.
    var except: [String] = []

    var testDescription: String { name }
}

private let bans = [
    Ban(name: "a forced try", pattern: #"\btry!"#, example: "let a = try! f()"),
    Ban(name: "a forced cast", pattern: #"\bas!"#, example: "let a = b as! Int"),
    Ban(name: "a forced unwrap", pattern: #"[A-Za-z0-9_)\]]!([^=]|$)"#, example: "let a = list.first!"),
    Ban(
        // What AsyncHTTPClient calls HTTPClient.Task is none of Swift's.
        name: "concurrency", pattern: #"(^|[^.\w])(async|await|actor|Task|DispatchQueue|Thread)\b"#,
        example: "func f() async {}"),
    Ban(
        name: "a global variable",
        pattern: #"^((public|package|private|fileprivate|nonisolated\(unsafe\)) )*var "#,
        example: "var count = 0"),
    Ban(
        name: "printing outside the command line", pattern: #"\b(print|debugPrint|dump)\("#,
        example: "print(a)",
        except: ["Sources/apus-runtime/"]),
    Ban(
        name: "leaving the process outside the command line", pattern: #"\bGlibc\.exit\(|(^|[^.\w])exit\("#,
        example: "exit(1)", except: ["Sources/apus-runtime/", "Sources/Kernel/"]),
    Ban(name: "the untyped throws", pattern: #"\) throws (->|\{)"#, example: "func f() throws -> Int {"),
    Ban(
        name: "an unsafe promise to the compiler", pattern: #"@unchecked Sendable"#,
        example: "class A: @unchecked Sendable {}"),
]

@Suite struct CodeTests {
    @Test(arguments: bans) private func noSourceFileHas(_ ban: Ban) throws {
        for file in try Tree.sources() where !ban.except.contains(where: file.path.hasPrefix) {
            for (index, line) in file.code.enumerated() where try hits(ban, line) {
                Issue.record("\(file.path):\(index + 1): \(ban.name): \(line)")
            }
        }
    }

    @Test(arguments: bans) private func theRuleSeesWhatItForbids(_ ban: Ban) throws {
        let file = Text(path: "Sources/A/B.swift", ban.example + "\n// " + ban.example + "\n")
        #expect(try file.code.map { try hits(ban, $0) } == [true, false, false])
    }

    @Test func whatOthersUseIsDocumented() throws {
        for file in try Tree.sources() {
            let undocumented = undocumentedDeclarations(file.lines)
            #expect(undocumented.isEmpty, "\(file.path): \(undocumented)")
        }
    }

    @Test func aMissingDocumentationIsSeen() {
        let lines: [Substring] = ["/// Good.", "@frozen", "public struct A {", "    package func b() {"]
        #expect(undocumentedDeclarations(lines) == ["package func b() {"])
    }
}

private func hits(_ ban: Ban, _ line: String) throws -> Bool {
    try line.contains(Regex(ban.pattern))
}

/// Types and functions which another module can see, without a doc comment right above.
private func undocumentedDeclarations(_ lines: [Substring]) -> [String] {
    var found: [String] = []
    var previous = ""
    for line in lines.map({ $0.trimmingCharacters(in: .whitespaces) }) where !line.hasPrefix("@") {
        if needsDocumentation(line) && !previous.hasPrefix("///") { found.append(line) }
        previous = line
    }
    return found
}

/// Not initialisers and stored properties: their names and types mostly say it all.
private func needsDocumentation(_ line: String) -> Bool {
    guard line.hasPrefix("public ") || line.hasPrefix("package ") else { return false }
    let words = line.split(separator: " ").dropFirst()
        .drop { ["static", "mutating", "consuming", "borrowing", "final", "indirect"].contains(String($0)) }
    guard let word = words.first, words.dropFirst().first != "<" else { return false }
    return ["struct", "enum", "class", "protocol", "func", "typealias"].contains(String(word))
}
