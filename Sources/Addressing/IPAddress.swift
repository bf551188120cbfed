/// An address of the Internet Protocol, version 4 or 6, without a zone.
///
/// An IPv4-mapped IPv6 address (`::ffff:10.0.0.1`) is an IPv6 address and not equal to the IPv4 one.
public struct IPAddress: Hashable, Sendable {
    public let family: Family
    /// The address as a number; at most 2^32-1 for IPv4.
    public let value: UInt128

    /// The version of the protocol.
    public enum Family: UInt8, Hashable, Sendable, CaseIterable {
        case v4 = 4
        case v6 = 6

        /// Bits of an address: 32 or 128.
        public var bitCount: Int { self == .v4 ? 32 : 128 }

        /// The highest address as a number.
        var highest: UInt128 { self == .v4 ? UInt128(UInt32.max) : .max }
    }

    /// The address with this number; `nil` when an IPv4 address cannot be as high.
    public init?(family: Family, value: UInt128) {
        guard value <= family.highest else { return nil }
        self.init(family, value)
    }

    init(_ family: Family, _ value: UInt128) {
        self.family = family
        self.value = value
    }

    /// The address of these 4 or 16 octets in network order; `nil` for any other count.
    public init?(octets: some Collection<UInt8>) {
        switch octets.count {
        case 4: family = .v4
        case 16: family = .v6
        default: return nil
        }
        value = octets.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// The address in network order: 4 or 16 octets.
    public var octets: [UInt8] {
        stride(from: family.bitCount - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// The address `distance` further on, or back; `nil` beyond the first or last address of the family.
    public func advanced(by distance: Int128) -> IPAddress? {
        let (sum, isBeyond) =
            distance < 0
            ? value.subtractingReportingOverflow(distance.magnitude)
            : value.addingReportingOverflow(distance.magnitude)
        guard !isBeyond, sum <= family.highest else { return nil }
        return IPAddress(family, sum)
    }
}

extension IPAddress: Comparable {
    /// By number; every IPv4 address stands before every IPv6 address.
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        left.family == right.family ? left.value < right.value : left.family == .v4
    }
}

extension IPAddress {
    /// `0.0.0.0` or `::`.
    public var isUnspecified: Bool { value == 0 }

    /// In `127.0.0.0/8`, or `::1`.
    public var isLoopback: Bool { family == .v4 ? value >> 24 == 127 : value == 1 }

    /// In `169.254.0.0/16` or `fe80::/10`.
    public var isLinkLocal: Bool { family == .v4 ? value >> 16 == 0xA9FE : value >> 118 == 0xFE80 >> 6 }

    /// In `224.0.0.0/4` or `ff00::/8`.
    public var isMulticast: Bool { family == .v4 ? value >> 28 == 0xE : value >> 120 == 0xFF }
}
