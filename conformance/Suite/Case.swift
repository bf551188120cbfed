/// Where the body of a case stands: the program under test in surroundings made for this one case.
package protocol Bench: SendableMetatype {
    /// What is known of the program under test before the first case runs.
    associatedtype Subject: Sendable

    /// Prepares the surroundings, in the case's own process and namespaces.
    init(_ subject: Subject, _ recorder: Recorder) throws(Stop)
}

/// A check of one or more clauses against a program under test.
///
/// It runs in a process and namespaces of its own, so it needs nothing from other cases, and leaves nothing to them.
package struct Case<B: Bench>: Sendable {
    /// Unique and stable: people write it on the command line and compare reports by it. For example `cni.A1.lower-case`.
    package let id: String
    /// What a program that conforms does, as a sentence without a full stop.
    package let title: String
    package let clauses: [Clause]
    /// Whether the case makes sense for this kind of program at all.
    package let scope: @Sendable (B.Subject) -> Bool
    /// What must be there; without it the case is skipped, and the report says why.
    package let needs: [Need<B.Subject>]
    /// Seconds after which the case is killed, and has failed.
    package let seconds: Int32
    package let body: @Sendable (B) throws(Stop) -> Void

    package init(
        _ id: String, _ title: String, _ clauses: Clause...,
        for scope: @escaping @Sendable (B.Subject) -> Bool = { _ in true },
        needs: [Need<B.Subject>] = [], seconds: Int32 = 240,
        body: @escaping @Sendable (B) throws(Stop) -> Void
    ) {
        self.init(id, title, clauses: clauses, for: scope, needs: needs, seconds: seconds, body: body)
    }

    package init(
        _ id: String, _ title: String, clauses: [Clause],
        for scope: @escaping @Sendable (B.Subject) -> Bool = { _ in true },
        needs: [Need<B.Subject>] = [], seconds: Int32 = 240,
        body: @escaping @Sendable (B) throws(Stop) -> Void
    ) {
        self.id = id
        self.title = title
        self.clauses = clauses
        self.scope = scope
        self.needs = needs
        self.seconds = seconds
        self.body = body
    }
}

/// The cases of one section of a specification: one file.
package struct Section<B: Bench>: Sendable {
    package let name: String
    package let cases: [Case<B>]

    package init(_ name: String, _ cases: [Case<B>]) {
        self.name = name
        self.cases = cases
    }
}

/// What lists and reports say about a case.
package struct CaseEntry: Sendable {
    package let id: String
    /// The name of the case's section.
    package let section: String
    package let title: String
    package let clauses: [Clause]
    /// The names of the case's needs.
    package let needs: [String]

    /// The level of the strongest clause.
    package var level: Clause.Level { clauses.map(\.level).max() ?? .known }
}

/// A case and the program it will check: what the scheduler runs, whatever it is about.
package struct BoundCase: Sendable {
    package let entry: CaseEntry
    let seconds: Int32
    let isInScope: Bool
    /// Why the case must be skipped; `nil` when nothing is missing.
    let missing: @Sendable () -> String?
    let body: @Sendable (Recorder) throws(Stop) -> Void
}

extension Section {
    /// What a list says about the cases.
    package var entries: [CaseEntry] { cases.map(entry) }

    /// The cases, made to check `subject`.
    package func bound(to subject: B.Subject) -> [BoundCase] {
        cases.map { item in
            BoundCase(
                entry: entry(item), seconds: item.seconds, isInScope: item.scope(subject),
                missing: { item.needs.lazy.compactMap { $0.missing(subject) }.first },
                body: { recorder throws(Stop) in try item.body(B(subject, recorder)) })
        }
    }

    private func entry(_ item: Case<B>) -> CaseEntry {
        CaseEntry(
            id: item.id, section: name, title: item.title, clauses: item.clauses,
            needs: item.needs.map(\.name))
    }
}
