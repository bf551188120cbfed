import Suite

/// Sentences no case can check, or none does yet, and why.
let untested: [(clause: Clause, reason: String)] = []
