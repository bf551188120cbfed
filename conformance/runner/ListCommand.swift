import CommandWords
import Suite

/// `list`: the cases and the coverage of each specification.
struct ListCommand: Command {
    let verb = Verb(
        "list", "show the cases, the sentences they check, and how much of each specification that is",
        usage: "[plugin|host|runtime|...]", subject: "part", positionals: 0...1,
        options: [
            .flag("clauses", "show the sentence behind each case"),
            .flag("coverage", "show only the numbers, and the clauses without a case"),
        ])

    func run(_ arguments: Arguments) throws(Failure) -> Int32 {
        let name = arguments.positionals.first
        let chosen = parts.filter { name == nil || $0.verb.name == name }
        guard !chosen.isEmpty else {
            throw arguments.usage(
                "no part is called '\(name ?? "")': \(parts.map(\.verb.name).joined(separator: ", "))")
        }
        for part in chosen {
            if !arguments.flag("coverage") {
                try printOut(cases(part, showsClauses: arguments.flag("clauses")))
            }
            for catalogue in part.catalogues { try printOut(coverage(Coverage(catalogue, part.entries))) }
        }
        return 0
    }

    private func cases(_ part: any Part, showsClauses: Bool) -> String {
        var text = ""
        var section: String?
        for entry in part.entries {
            if section != entry.section { text += "\(part.verb.name): \(entry.section)\n" }
            section = entry.section
            let needs = entry.needs.isEmpty ? "" : " (needs \(entry.needs.joined(separator: ", ")))"
            text += "   \(entry.id): \(entry.title) [\(entry.level.rawValue)]\(needs)\n"
            guard showsClauses else { continue }
            for clause in entry.clauses { text += "      \(clause.text) <\(clause.source)>\n" }
        }
        return text
    }

    private func coverage(_ coverage: Coverage) -> String {
        coverage.text + "\n"
            + coverage.missing.map { "   without a case: \($0.clause.id): \($0.reason)\n" }.joined()
    }
}
