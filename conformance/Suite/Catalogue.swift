/// A specification as this suite knows it: all its clauses, and why some have no case.
package struct Catalogue: Sendable {
    /// Name and version, for example `CNI 1.1.0`.
    package let name: String
    /// The web page the addresses of the clauses begin with.
    package let address: String
    package let clauses: [Clause]
    /// Why a clause has no case, by the clause's id.
    package let untested: [String: String]

    package init(_ name: String, address: String, clauses: [Clause], untested: [String: String] = [:]) {
        self.name = name
        self.address = address
        self.clauses = clauses
        self.untested = untested
    }

    /// The clauses which the cases of `sections` name, in their order, and `untested` ones with the reasons.
    package init<B>(
        _ name: String, address: String, sections: [Section<B>],
        untested: [(clause: Clause, reason: String)] = []
    ) {
        var seen: Set<Clause> = []
        let all = sections.flatMap(\.cases).flatMap(\.clauses) + untested.map(\.clause)
        self.init(
            name, address: address, clauses: all.filter { seen.insert($0).inserted },
            untested: Dictionary(untested.map { ($0.clause.id, $0.reason) }) { first, _ in first })
    }
}

/// How much of a specification the cases check.
package struct Coverage: Hashable, Sendable {
    package let name: String
    package let address: String
    /// How many clauses there are, how many of them have a case, and how many cases those are.
    package let clauses: Int
    package let covered: Int
    package let cases: Int
    /// The clauses without a case, and why.
    package let missing: [Missing]

    /// A clause without a case.
    package struct Missing: Hashable, Sendable {
        package let clause: Clause
        package let reason: String
    }

    /// Counts the clauses of `catalogue` which `cases` name.
    package init(_ catalogue: Catalogue, _ cases: [CaseEntry]) {
        let known = Set(catalogue.clauses)
        let named = Set(cases.flatMap(\.clauses)).intersection(known)
        name = catalogue.name
        address = catalogue.address
        clauses = catalogue.clauses.count
        covered = named.count
        self.cases = cases.filter { !known.isDisjoint(with: $0.clauses) }.count
        missing = catalogue.clauses.filter { !named.contains($0) }.map {
            Missing(clause: $0, reason: catalogue.untested[$0.id] ?? "no case yet")
        }
    }

    /// One line for a person.
    package var text: String {
        "\(name): \(covered) of \(clauses) clauses have a case, \(cases) cases in all"
    }
}
