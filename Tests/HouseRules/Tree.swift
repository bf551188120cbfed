import Foundation

/// A text file of the repository: its path from the top, and its lines.
struct Text {
    let path: String
    let lines: [Substring]

    init(path: String, _ content: String) {
        self.path = path
        lines = content.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The lines as code: comments and the insides of strings taken out, numbering kept.
    var code: [String] {
        var isInsideText = false
        return lines.map { line in
            let quotes = line.components(separatedBy: #"""""#).count - 1
            defer { if quotes % 2 == 1 { isInsideText.toggle() } }
            return isInsideText || quotes > 0 ? "" : codeOnly(line)
        }
    }
}

private func codeOnly(_ line: Substring) -> String {
    var kept = ""
    var isQuoted = false
    var previous: Character = " "
    for character in line {
        if character == "\"" && previous != "\\" { isQuoted.toggle() }
        if !isQuoted {
            if character == "/" && previous == "/" { return String(kept.dropLast()) }
            kept.append(character)
        }
        previous = character
    }
    return kept
}

/// The repository these tests are compiled from.
enum Tree {
    static let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Swift files of the products: nothing of the tests.
    static func sources() throws -> [Text] {
        try files(below: ["Sources", "plugins", "conformance", "docs/examples"]) { $0.hasSuffix(".swift") }
    }

    /// Files below `folders` (from the top) which `isWanted` by their path; a folder may be missing.
    static func files(below folders: [String], where isWanted: (String) -> Bool) throws -> [Text] {
        var found: [Text] = []
        for folder in folders {
            let place = top.appending(path: folder).path
            guard FileManager.default.fileExists(atPath: place) else { continue }
            for name in try FileManager.default.subpathsOfDirectory(atPath: place).sorted() {
                let path = "\(folder)/\(name)"
                if isWanted(path) && !isFolder(path) { found.append(try text(path)) }
            }
        }
        return found
    }

    private static func isFolder(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: top.appending(path: path).path)[.type])
            as? FileAttributeType == .typeDirectory
    }

    /// One file by its path from the top.
    static func text(_ path: String) throws -> Text {
        Text(path: path, try String(contentsOf: top.appending(path: path), encoding: .utf8))
    }
}
