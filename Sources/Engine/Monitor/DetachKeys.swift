/// The keys which end an attachment and leave the container as it is: `ctrl-p,ctrl-q` unless others are asked for.
package struct DetachKeys: Hashable, Sendable {
    private let sequence: [UInt8]
    /// How many of them were typed so far.
    private var typed = 0

    package static let standard = "ctrl-p,ctrl-q"

    /// Reads keys with commas between: a letter or another character, or `ctrl-` and one of `a` to `z`, `@`, `[`, `\`, `]`, `^`, `_`.
    package init(_ text: String) throws(EngineError) {
        var keys: [UInt8] = []
        for key in text.split(separator: ",", omittingEmptySubsequences: false) where !text.isEmpty {
            guard let code = Self.code(String(key)) else {
                throw EngineError("invalid detach keys (\(text)): Unknown character: '\(key)'", .invalid)
            }
            keys.append(code)
        }
        sequence = keys
    }

    private static func code(_ key: String) -> UInt8? {
        if key.utf8.count == 1 { return key.utf8.first }
        guard key.lowercased().hasPrefix("ctrl-"), key.utf8.count == 6, let last = key.uppercased().utf8.last,
            (64...95).contains(last)
        else { return nil }
        return last & 31
    }

    /// Takes typed bytes: those to hand on, and whether the keys are complete. What may still become the keys is kept back.
    package mutating func take(_ bytes: [UInt8]) -> (forwarded: [UInt8], isComplete: Bool) {
        guard !sequence.isEmpty else { return (bytes, false) }
        var forwarded: [UInt8] = []
        for byte in bytes {
            if byte == sequence[typed] {
                typed += 1
                if typed == sequence.count { return (forwarded, true) }
                continue
            }
            forwarded += sequence[..<typed]
            typed = byte == sequence[0] ? 1 : 0
            if typed == 0 { forwarded.append(byte) }
        }
        return (forwarded, false)
    }
}
