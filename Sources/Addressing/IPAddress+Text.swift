extension IPAddress {
    /// The address `text` stands for, or `nil`.
    ///
    /// IPv4: four decimal numbers without leading zeros. IPv6: RFC 4291, section 2.2, all three forms; no zone.
    public init?(_ text: some StringProtocol) {
        var scanner = Scanner(Array(text.utf8))
        guard let address = scanner.address(), scanner.isAtEnd else { return nil }
        self = address
    }
}

extension IPAddress: CustomStringConvertible {
    /// `10.0.0.1`, or the form of RFC 5952 for IPv6.
    public var description: String {
        if family == .v4 { return dotted(UInt32(truncatingIfNeeded: value)) }
        if value >> 32 == 0xFFFF { return "::ffff:\(dotted(UInt32(truncatingIfNeeded: value)))" }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: value >> (112 - $0 * 16)) }
        guard let zeros = longestRunOfZeros(groups) else { return hexadecimal(groups[...]) }
        return hexadecimal(groups[..<zeros.lowerBound]) + "::" + hexadecimal(groups[zeros.upperBound...])
    }
}

private func dotted(_ value: UInt32) -> String {
    "\(value >> 24).\(value >> 16 & 0xFF).\(value >> 8 & 0xFF).\(value & 0xFF)"
}

private func hexadecimal(_ groups: ArraySlice<UInt16>) -> String {
    groups.map { String($0, radix: 16) }.joined(separator: ":")
}

/// RFC 5952, section 4.2: the longest run, the first of equals, and never a single group.
private func longestRunOfZeros(_ groups: [UInt16]) -> Range<Int>? {
    var longest = 0..<1
    var start = 0
    for (index, group) in groups.enumerated() {
        if group != 0 { start = index + 1 }
        if index + 1 - start > longest.count { longest = start..<index + 1 }
    }
    return longest.count > 1 ? longest : nil
}
