/// What `exec --user` takes: `USER[:GROUP]`, each a number or a name.
///
/// A word of digits only is a number and nothing else; `1` is never anybody but user 1 (CVE-2026-30892).
package struct UserSpecification: Hashable, Sendable {
    package let user: Part
    /// `nil` where the text has no group.
    package let group: Part?

    /// One side of the colon.
    package enum Part: Hashable, Sendable {
        case id(UInt32)
        case name(String)
    }

    /// Reads the text strictly: no sign, no blank, no empty side, nothing above 4294967294.
    ///
    /// - Returns: `nil` for a text that is neither number nor name.
    package init?(_ text: String) {
        let sides = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let user = Part(sides[0]) else { return nil }
        self.user = user
        if sides.count == 2 {
            guard let group = Part(sides[1]) else { return nil }
            self.group = group
        } else {
            group = nil
        }
    }
}

extension UserSpecification.Part {
    init?(_ text: Substring) {
        guard let first = text.utf8.first else { return nil }
        if text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) {
            guard let number = identifier(text) else { return nil }
            self = .id(number)
            return
        }
        let isSign = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
        let isClean = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: ":") }
        guard !isSign, isClean, text.utf8.count <= 256 else { return nil }
        self = .name(String(text))
    }
}

/// A user or group id in decimal digits. 4294967295 is none: to the kernel it means "leave as it is".
func identifier(_ text: some StringProtocol) -> UInt32? {
    guard let number = decimal(text), number != UInt32.max else { return nil }
    return number
}
