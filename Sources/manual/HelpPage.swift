/// The page of a program whose help is made of sections: a line in capitals with a colon at its end, and what stands below.
struct HelpPage {
    private let name: String
    private let path: String
    private let date: String

    /// A part of the help. The text behind the program's name is the description.
    private struct Section {
        var title: String
        var lines: [String] = []
    }

    init(_ name: String, build: String, date: String) {
        (self.name, self.date) = (name, date)
        path = "\(build)/\(name)"
    }

    func page() throws(ManualError) -> Page {
        let sections = try self.sections(["--help"])
        let summary = Self.summary(sections)
        var text = heading(name, summary, date: date)
        text += ".Sh SYNOPSIS\n" + literal(Self.lines(of: "USAGE", in: sections))
        text += ".Sh DESCRIPTION\n"
        let description = Self.lines(of: "DESCRIPTION", in: sections)
        text += description.isEmpty ? paragraph(summary + ".") : literal(description)
        for section in sections where !["NAME", "USAGE", "VERSION", "DESCRIPTION"].contains(section.title) {
            text += ".Sh \(words(section.title))\n" + literal(section.lines)
            if section.title == "COMMANDS" { text += try commands(section.lines) }
        }
        return Page(name: name, text: text + ".Sh SEE ALSO\n.Xr apus 1\n")
    }

    /// What each command says of itself.
    private func commands(_ list: [String]) throws(ManualError) -> String {
        var text = ""
        for line in list {
            guard let command = line.split(separator: " ").first, !command.hasPrefix("help") else { continue }
            let sections = try self.sections([String(command), "--help"])
            text += ".Ss \(words(String(command)))\n" + paragraph(Self.summary(sections))
            for section in sections where section.title != "NAME" {
                text += ".Pp\n\(words(section.title)):\n" + literal(section.lines)
            }
        }
        return text
    }

    private func sections(_ arguments: [String]) throws(ManualError) -> [Section] {
        var sections: [Section] = []
        for line in try output(of: path, arguments).split(separator: "\n", omittingEmptySubsequences: false) {
            if Self.isTitle(line) {
                sections.append(Section(title: String(line.dropLast())))
            } else if sections.last?.title == "NAME", line.first?.isWhitespace == false {
                sections.append(Section(title: "DESCRIPTION", lines: [String(line)]))
            } else if !sections.isEmpty {
                sections[sections.count - 1].lines.append(String(line))
            }
        }
        return sections
    }

    private static func isTitle(_ line: Substring) -> Bool {
        guard let word = line.split(separator: " ").first, line.hasSuffix(":") else { return false }
        return word.allSatisfy { $0.isUppercase || [",", ":"].contains($0) }
    }

    private static func lines(of title: String, in sections: [Section]) -> [String] {
        sections.first { $0.title == title }?.lines ?? []
    }

    /// What stands behind the dash of `name - what it is`.
    private static func summary(_ sections: [Section]) -> String {
        let line = lines(of: "NAME", in: sections).first { $0.contains(" - ") } ?? ""
        var rest = line[...]
        while let first = rest.first, !rest.hasPrefix(" - "), first != "\n" { rest = rest.dropFirst() }
        return String(rest.dropFirst(3))
    }
}
