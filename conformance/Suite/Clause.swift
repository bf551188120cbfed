/// One sentence of a specification which a program can keep or break.
package struct Clause: Hashable, Sendable {
    /// Stable name used in reports, for example `cni.A1`.
    package let id: String
    package let level: Level
    /// The sentence, word for word; of a known practice what is done.
    package let text: String
    /// Where it stands, for example `SPEC.md#section-2-execution-protocol`.
    package let source: String

    package init(_ id: String, _ level: Level, _ text: String, _ source: String) {
        self.id = id
        self.level = level
        self.text = text
        self.source = source
    }

    /// How strongly a sentence binds. RFC 2119; the last one stands outside of every specification.
    package enum Level: String, CaseIterable, Sendable, Comparable {
        case must = "MUST"
        case should = "SHOULD"
        case may = "MAY"
        /// In no specification, but every program in the field does so and others rely on it.
        case known = "known practice"

        /// The stronger one is greater.
        package static func < (one: Level, other: Level) -> Bool { one.weight < other.weight }

        private var weight: Int {
            switch self {
            case .must: 3
            case .should: 2
            case .may: 1
            case .known: 0
            }
        }
    }
}
