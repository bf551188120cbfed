package import Addressing

/// Something a rule can read of a packet.
package enum Field: Hashable, Sendable {
    /// nft(8): `ip saddr`, `ip6 saddr`.
    case source(IPAddress.Family)
    /// nft(8): `ip daddr`, `ip6 daddr`.
    case destination(IPAddress.Family)
    /// nft(8): `meta l4proto`.
    case transportProtocol
    /// The port of any transport protocol that has them there. nft(8): `th dport`.
    case destinationPort
    /// nft(8): `iifname`.
    case inputName
    /// nft(8): `oifname`.
    case outputName
    /// The kind of link the packet came in by, for example `bridge`. nft(8): `meta iifkind`.
    case inputKind
    /// nft(8): `ether saddr`.
    case etherSource

    /// Bytes of the field.
    var size: Int {
        switch self {
        case .source(let family), .destination(let family): family.bitCount / 8
        case .transportProtocol: 1
        case .destinationPort: 2
        case .inputName, .outputName, .inputKind: 16
        case .etherSource: 6
        }
    }

    /// The family of packets which have the field; nil when all do.
    var family: IPAddress.Family? {
        switch self {
        case .source(let family), .destination(let family): family
        default: nil
        }
    }

    /// Loads the first `count` bytes of the field.
    func load(into register: Register, count: Int? = nil) -> Expression {
        let count = UInt32(count ?? size)
        switch self {
        case .source(.v4): return .payload(.network, offset: 12, count: count, into: register)
        case .source(.v6): return .payload(.network, offset: 8, count: count, into: register)
        case .destination(.v4): return .payload(.network, offset: 16, count: count, into: register)
        case .destination(.v6): return .payload(.network, offset: 24, count: count, into: register)
        case .destinationPort: return .payload(.transport, offset: 2, count: count, into: register)
        case .etherSource: return .payload(.link, offset: 6, count: count, into: register)
        case .transportProtocol: return .meta(.transportProtocol, into: register)
        case .inputName: return .meta(.inputName, into: register)
        case .outputName: return .meta(.outputName, into: register)
        case .inputKind: return .meta(.inputKind, into: register)
        }
    }

    /// Loads fields one behind the other, as the key of a set with several types.
    static func load(_ fields: [Field]) -> [Expression] {
        var offset = 0
        return fields.map { field in
            defer { offset += (field.size + 3) & ~3 }
            return field.load(into: Register(offset: offset))
        }
    }
}
