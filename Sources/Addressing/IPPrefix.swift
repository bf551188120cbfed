/// An address with the length of its network's prefix, as `10.1.2.3/24` writes it.
///
/// The bits behind the prefix are kept: the same type is the address of an interface and, with none of them
/// set, a network.
public struct IPPrefix: Hashable, Sendable {
    public let address: IPAddress
    /// Bits of the prefix: 0 to 32 or 128.
    public let length: Int

    /// `nil` when the family's addresses are shorter than `length`, or it is negative.
    public init?(_ address: IPAddress, length: Int) {
        guard 0...address.family.bitCount ~= length else { return nil }
        self.address = address
        self.length = length
    }

    private init(unchecked address: IPAddress, length: Int) {
        self.address = address
        self.length = length
    }

    /// The prefix of a single address: `/32` or `/128`.
    public init(host address: IPAddress) {
        self.init(unchecked: address, length: address.family.bitCount)
    }

    /// The prefix `text` stands for, or `nil`. Nothing is added: an address without a length is none.
    public init?(_ text: some StringProtocol) {
        var scanner = Scanner(Array(text.utf8))
        guard let address = scanner.address(), scanner.take("/"),
            let length = scanner.decimal(upTo: address.family.bitCount), scanner.isAtEnd
        else { return nil }
        self.init(unchecked: address, length: length)
    }

    public var family: IPAddress.Family { address.family }

    /// The network: the same prefix with no bit behind it set.
    public var network: IPPrefix { IPPrefix(unchecked: first, length: length) }

    /// The network's first address.
    public var first: IPAddress { IPAddress(family, address.value & ~hostBits) }

    /// The network's last address; for IPv4 shorter than /31 its broadcast address.
    public var last: IPAddress { IPAddress(family, address.value | hostBits) }

    /// Whether the network holds `other`; never across families.
    public func contains(_ other: IPAddress) -> Bool {
        other.family == family && (other.value ^ address.value) & ~hostBits == 0
    }

    /// Whether one of the two networks holds the other.
    public func overlaps(_ other: IPPrefix) -> Bool {
        length <= other.length ? contains(other.address) : other.contains(address)
    }

    /// The bits behind the prefix.
    private var hostBits: UInt128 {
        let count = family.bitCount - length
        return count == 128 ? .max : (1 << UInt128(count)) - 1
    }
}

extension IPPrefix: CustomStringConvertible {
    public var description: String { "\(address)/\(length)" }
}
