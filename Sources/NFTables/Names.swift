/// A table: the family of packets it sees, and its name. nft(8), "Tables".
package struct Table: Hashable, Sendable, CustomStringConvertible {
    package let family: Family
    package let name: String

    package init(_ family: Family, _ name: String) {
        self.family = family
        self.name = name
    }

    /// C: `NFPROTO_*`.
    package enum Family: UInt8, Hashable, Sendable, CaseIterable {
        case inet = 1
        case ipv4 = 2
        case bridge = 7
        case ipv6 = 10

        /// The word of nft(8).
        package var word: String {
            switch self {
            case .inet: "inet"
            case .ipv4: "ip"
            case .bridge: "bridge"
            case .ipv6: "ip6"
            }
        }
    }

    package var description: String { "\(family.word) \(name)" }
}

/// A place in the kernel's path of packets where a chain begins. nft(8), "Chains".
package struct Hook: Hashable, Sendable {
    package let kind: Kind
    package let point: Point
    /// Lower comes first.
    package let priority: Int32

    package init(_ kind: Kind, _ point: Point, priority: Int32) {
        self.kind = kind
        self.point = point
        self.priority = priority
    }

    /// What a chain may do. nft(8), "Chains".
    package enum Kind: String, Hashable, Sendable {
        case filter
        case nat
        case route
    }

    /// C: `NF_INET_*`, and the same for bridges.
    package enum Point: UInt32, Hashable, Sendable {
        case prerouting, input, forward, output, postrouting
    }
}

/// A chain: a list of rules. With a hook packets come by themselves, otherwise by a jump.
package struct Chain: Hashable, Sendable {
    package let name: String
    package let hook: Hook?
    package let rules: [Rule]

    package init(_ name: String, _ hook: Hook? = nil, _ rules: [Rule]) {
        self.name = name
        self.hook = hook
        self.rules = rules
    }
}

/// A set, or a map when it has data.
///
/// It is a hash table: one look, and one change, cost the same with any number of elements. A set of ranges is not:
/// the kernel copies all of it with each change.
package struct ElementSet: Hashable, Sendable {
    package let name: String
    package let key: [DataType]
    /// What a map gives for a key; empty for a set.
    package let data: [DataType]
    /// An element reaches from one value to another in each part of its key. For keys of several types only.
    package let hasRanges: Bool

    package init(
        _ name: String, _ key: [DataType], gives data: [DataType] = [], hasRanges: Bool = false
    ) {
        self.name = name
        self.key = key
        self.data = data
        self.hasRanges = hasRanges
    }

    /// C: `NFT_SET_MAP`, `NFT_SET_INTERVAL` and `NFT_SET_CONCAT`.
    var flags: UInt32 { (data.isEmpty ? 0 : 0x8) | (hasRanges ? 0x4 | 0x80 : 0) }
}

/// A type of values. nft(8), "Data types".
package enum DataType: Hashable, Sendable {
    case ipv4Address, ipv6Address, etherAddress, protocolNumber, portNumber, interfaceName

    /// The number nft(8) shows the type by.
    var number: UInt32 {
        switch self {
        case .ipv4Address: 7
        case .ipv6Address: 8
        case .etherAddress: 9
        case .protocolNumber: 12
        case .portNumber: 13
        case .interfaceName: 41
        }
    }

    /// Bytes of a value.
    package var size: Int {
        switch self {
        case .ipv4Address: 4
        case .ipv6Address, .interfaceName: 16
        case .etherAddress: 6
        case .protocolNumber: 1
        case .portNumber: 2
        }
    }

    /// Bytes of a value among others: registers are of four bytes.
    package var paddedSize: Int { (size + 3) & ~3 }

    /// nft(8) keeps in a set's user data how to read numbers: 1 as the machine does, 2 as the network does.
    var byteOrder: UInt32 { self == .interfaceName ? 1 : 2 }
}

extension [DataType] {
    /// The number nft(8) shows the types by: six bits each.
    var number: UInt32 { reduce(0) { $0 << 6 | $1.number } }

    /// Bytes of a value.
    var size: Int { count == 1 ? self[0].size : reduce(0) { $0 + $1.paddedSize } }

    var byteOrder: UInt32 { count == 1 ? self[0].byteOrder : 0 }
}
