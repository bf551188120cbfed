/// Reads addresses from ASCII text; each function stops behind what it took.
struct Scanner {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { index == bytes.count }

    /// Takes `byte` if it stands here.
    mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: byte) else { return false }
        index += 1
        return true
    }

    /// An address of either family: as far as a colon or a point can tell them apart.
    mutating func address() -> IPAddress? {
        let isIPv6 = bytes[index...].prefix { $0 != UInt8(ascii: "/") }.contains(UInt8(ascii: ":"))
        return isIPv6 ? ipv6() : dotted().map { IPAddress(.v4, UInt128($0)) }
    }

    /// A decimal number of at most `limit`, without leading zeros.
    mutating func decimal(upTo limit: Int) -> Int? {
        let start = index
        var number = 0
        while index < bytes.count, case let digit = bytes[index] &- UInt8(ascii: "0"), digit < 10 {
            number = number * 10 + Int(digit)
            guard number <= limit else { return nil }
            index += 1
        }
        let length = index - start
        return length == 0 || (length > 1 && bytes[start] == UInt8(ascii: "0")) ? nil : number
    }

    /// A hexadecimal number of one to `length` digits.
    mutating func hexadecimal(length: Int) -> UInt32? {
        let start = index
        var number: UInt32 = 0
        while index < bytes.count, let digit = hexadecimalDigit(bytes[index]) {
            guard index - start < length else { return nil }
            number = number << 4 | digit
            index += 1
        }
        return index == start ? nil : number
    }

    private mutating func dotted() -> UInt32? {
        var value: UInt32 = 0
        for part in 0..<4 {
            if part > 0, !take(".") { return nil }
            guard let octet = decimal(upTo: 255) else { return nil }
            value = value << 8 | UInt32(octet)
        }
        return value
    }

    private mutating func ipv6() -> IPAddress? {
        var groups: [UInt16] = []
        var gap: Int?
        if take(":") {
            guard take(":") else { return nil }
            gap = 0
        }
        while groups.count < 8 {
            let start = index
            guard let group = hexadecimal(length: 4) else {
                // Only `::` may end a text without a group behind it.
                if gap == groups.count, index == start { break }
                return nil
            }
            if take(".") {
                index = start
                guard groups.count <= 6, let tail = dotted() else { return nil }
                groups += [UInt16(truncatingIfNeeded: tail >> 16), UInt16(truncatingIfNeeded: tail)]
                break
            }
            groups.append(UInt16(group))
            guard groups.count < 8, take(":") else { break }
            if take(":") {
                guard gap == nil else { return nil }
                gap = groups.count
            }
        }
        return assembled(groups, gap: gap)
    }

    /// `gap`: how many groups stand before `::`, which is at least one group of zeros.
    private func assembled(_ groups: [UInt16], gap: Int?) -> IPAddress? {
        guard gap == nil ? groups.count == 8 : groups.count < 8 else { return nil }
        let missing = 8 - groups.count
        var value: UInt128 = 0
        for (position, group) in groups.enumerated() {
            let place = position < gap ?? 8 ? position : position + missing
            value |= UInt128(group) << (112 - place * 16)
        }
        return IPAddress(.v6, value)
    }
}

private func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
