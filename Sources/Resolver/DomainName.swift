/// A name of the DNS: labels of 1 to 63 bytes, 254 bytes in all with their lengths. RFC 1035, section 3.1.
///
/// Kept as a message has it, so that no byte of a label can be mistaken for a point between two.
package struct DomainName: Hashable, Sendable {
    /// Each label behind its length, without the empty label at the end.
    let wire: [UInt8]

    init(wire: [UInt8]) { self.wire = wire }

    /// The name `text` stands for, with or without a point at its end; `nil` when no name can be like this.
    package init?(_ text: some StringProtocol) {
        var labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if labels.count > 1, labels[labels.count - 1].isEmpty { labels.removeLast() }
        var wire: [UInt8] = []
        for label in labels {
            guard 1...63 ~= label.count else { return nil }
            wire.append(UInt8(label.count))
            wire += label
        }
        guard wire.count <= Self.longest else { return nil }
        self.wire = wire
    }

    /// Bytes of labels and lengths; the one of the root is not counted.
    static let longest = 254

    /// The root of all names.
    static let root = DomainName(wire: [])

    /// The same in lower case, which is how names are compared. RFC 4343.
    var folded: DomainName { DomainName(wire: wire.map(lowerCase)) }

    /// The name with `other` behind it; `nil` when that is too long.
    func followed(by other: DomainName) -> DomainName? {
        let joined = wire + other.wire
        return joined.count <= Self.longest ? DomainName(wire: joined) : nil
    }

    /// The labels, first to last.
    var labels: [ArraySlice<UInt8>] {
        var labels: [ArraySlice<UInt8>] = []
        var index = 0
        while index < wire.count {
            let end = index + 1 + Int(wire[index])
            labels.append(wire[index + 1..<end])
            index = end
        }
        return labels
    }

    /// The name without its first `count` labels.
    func dropping(_ count: Int) -> DomainName {
        let dropped = labels.prefix(count).reduce(0) { $0 + $1.count + 1 }
        return DomainName(wire: Array(wire.dropFirst(dropped)))
    }

    var hasOneLabel: Bool { !wire.isEmpty && wire.count == Int(wire[0]) + 1 }
}

/// ASCII letters only. RFC 4343, section 3.
func lowerCase(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
}

extension DomainName: CustomStringConvertible {
    /// Labels with points between them; bytes which are no printable ASCII, points and backslashes as `\DDD`.
    /// RFC 1035, section 5.1.
    package var description: String {
        if wire.isEmpty { return "." }
        return labels.map { label in label.map(printable).joined() }.joined(separator: ".")
    }
}

private func printable(_ byte: UInt8) -> String {
    let isPlain = 0x21...0x7E ~= byte && byte != UInt8(ascii: ".") && byte != UInt8(ascii: "\\")
    if isPlain { return String(UnicodeScalar(byte)) }
    let digits = String(byte)
    return "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
}
