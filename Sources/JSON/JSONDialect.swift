/// How strictly a JSON text is taken.
public enum JSONDialect: Hashable, Sendable {
    /// RFC 8259 alone; what it leaves open is refused.
    case strict
    /// As the programs around CNI read: names match in any case, and of several the last one counts.
    ///
    /// Numbers which are not whole, or too large, stay as they were written: ``JSONValue/verbatim(_:)``.
    case forgiving
}

/// Whether two names are equal but for the case of ASCII letters.
func matchesInAnyCase(_ one: String, _ other: String) -> Bool {
    let (left, right) = (one.utf8, other.utf8)
    return left.count == right.count && zip(left, right).allSatisfy { lowerCase($0) == lowerCase($1) }
}

private func lowerCase(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
}
