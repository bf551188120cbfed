internal import Glibc

/// A compiled extended regular expression. regex(7).
public struct Pattern: ~Copyable {
    private let compiled: UnsafeMutablePointer<regex_t>

    /// Compiles `text`; `nil` when it is no regular expression. regcomp(3).
    public init?(_ text: String) {
        // Whole before it is assigned: from there on, leaving the initialiser frees it.
        guard let whole = compile(text) else { return nil }
        compiled = whole
    }

    deinit {
        regfree(compiled)
        compiled.deallocate()
    }

    /// Whether the expression is found anywhere in `text`. regexec(3).
    public borrowing func matches(_ text: String) -> Bool { regexec(compiled, text, 0, nil, 0) == 0 }
}

private func compile(_ text: String) -> UnsafeMutablePointer<regex_t>? {
    let made = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
    if regcomp(made, text, REG_EXTENDED | REG_NOSUB) == 0 { return made }
    made.deallocate()
    return nil
}
