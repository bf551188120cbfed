/// A broken clause: what was expected and what was seen.
package struct Finding: Hashable, Sendable {
    package let expected: String
    package let seen: String

    package init(expected: String, seen: String) {
        self.expected = expected
        self.seen = seen
    }
}

/// Why the body of a case ends before its end.
package enum Stop: Error, Hashable, Sendable {
    /// The program under test breaks a clause.
    case finding(Finding)
    /// The case cannot be decided here, for a reason the machine or the program gives.
    case skip(String)
    /// The suite itself could not do its work.
    case trouble(String)

    /// The program under test breaks a clause.
    package static func finding(expected: String, seen: String) -> Stop {
        .finding(Finding(expected: expected, seen: seen))
    }
}

/// Goes on only when `condition` holds; otherwise it is a finding.
package func require(
    _ condition: Bool, _ expected: @autoclosure () throws(Stop) -> String,
    seen: @autoclosure () throws(Stop) -> String
) throws(Stop) {
    if !condition { throw .finding(expected: try expected(), seen: try seen()) }
}
