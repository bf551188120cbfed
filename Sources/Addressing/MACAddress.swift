/// An Ethernet address of six octets.
public struct MACAddress: Hashable, Sendable {
    private let value: UInt64

    private init(value: UInt64) { self.value = value }

    /// The address of these six octets; `nil` for any other count.
    public init?(octets: some Collection<UInt8>) {
        guard octets.count == 6 else { return nil }
        value = octets.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The address of `text`: six pairs of hexadecimal digits with `:` or `-` between them.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 17 else { return nil }
        var scanner = Scanner(bytes)
        let mark: Unicode.Scalar = bytes[2] == UInt8(ascii: "-") ? "-" : ":"
        var value: UInt64 = 0
        for pair in 0..<6 {
            if pair > 0, !scanner.take(mark) { return nil }
            guard let octet = scanner.hexadecimal(length: 2) else { return nil }
            value = value << 8 | UInt64(octet)
        }
        guard scanner.isAtEnd else { return nil }
        self.value = value
    }

    /// The address container engines give the interface with the address `ip`: `02:42` and its last four octets.
    public init(_ ip: IPAddress) {
        value = 0x0242_0000_0000 | UInt64(UInt32(truncatingIfNeeded: ip.value))
    }

    /// The six octets in the order they are sent.
    public var octets: [UInt8] {
        stride(from: 40, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// `00:00:00:00:00:00`, which is what loopback has.
    public static let zero = MACAddress(value: 0)

    /// Whether it names a group of receivers, so no interface can have it.
    public var isMulticast: Bool { value >> 40 & 1 == 1 }
}

extension MACAddress: CustomStringConvertible {
    /// Lower case with colons.
    public var description: String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
