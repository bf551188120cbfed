/// A set of small numbers written as `0-3,7`: CPUs and NUMA nodes. cpuset(7), "List format".
struct NumberList: Hashable, Sendable {
    /// Bit N of the whole is number N: bit N % 64 of word N / 64. No word at the end is 0.
    private(set) var words: [UInt64] = []

    /// The numbers go from 0 to this less one; Linux is built for at most 8192 CPUs.
    static let limit = 8192

    /// Reads a list. Blanks around a number are allowed, an empty part is not.
    ///
    /// - Returns: `nil` for anything else than numbers and ranges that go upwards.
    init?(_ text: String) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = Self.number(ends[0]), let last = Self.number(ends[ends.count - 1]),
                first <= last
            else { return nil }
            for number in first...last { insert(number) }
        }
    }

    private static func number(_ text: Substring) -> Int? {
        let digits = text.drop { $0 == " " }
        let number = decimal(
            digits[..<(digits.lastIndex { $0 != " " }.map(digits.index(after:)) ?? digits.startIndex)])
        guard let number, number < Self.limit else { return nil }
        return Int(number)
    }

    private mutating func insert(_ number: Int) {
        while words.count <= number / 64 { words.append(0) }
        words[number / 64] |= 1 << UInt64(number % 64)
    }
}

/// The number `text` writes in decimal digits only: no sign, no blank, no more than `UInt32` holds.
func decimal(_ text: some StringProtocol) -> UInt32? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
        return nil
    }
    return UInt32(text)
}
