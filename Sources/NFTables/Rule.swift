package import Addressing

/// A rule: parts which must all hold, and what happens then.
///
/// The parts are those of nft(8), one word each; ``expressions(in:)`` turns them into what the kernel runs.
package struct Rule: Hashable, Sendable {
    package let parts: [Part]
    /// What it is for; nft(8) shows it.
    package let comment: String

    package init(_ comment: String, _ parts: Part...) {
        self.comment = comment
        self.parts = parts
    }

    /// A part of a rule.
    package enum Part: Hashable, Sendable {
        /// The fields together are in a set. nft(8): `ip saddr . oifname @set`.
        case isIn([Field], String)
        /// The fields together are not in a set.
        case isNotIn([Field], String)
        /// The field has the text.
        case isText(Field, String)
        case isNotText(Field, String)
        /// An address is in a network.
        case isInside(Field, IPPrefix)
        case isOutside(Field, IPPrefix)
        /// The packet belongs to a connection which was answered, or to one such a connection caused.
        /// nft(8): `ct state established,related`.
        case isOfKnownConnection
        /// The packet belongs to a connection whose destination was changed. nft(8): `ct status dnat`.
        case isRedirected
        /// The destination is an address of this host. nft(8): `fib daddr type local`.
        case isForThisHost
        /// Goes on in another chain, and comes back.
        case jump(String)
        case accept
        case drop
        /// Goes back to where the jump came from.
        case comeBack
        /// The connection gets the source address of the link it leaves by.
        case masquerade
        /// The connection goes to the address and port a map gives for the fields; on to the next rule when it
        /// gives none. nft(8): `dnat ip to FIELDS map @MAP`.
        case redirect(IPAddress.Family, [Field], map: String)
    }
}

extension Rule {
    /// What the kernel runs for this rule in a table of `family`.
    func expressions(in family: Table.Family) -> [Expression] {
        var made: [Expression] = []
        var isFamilyKnown = family != .inet
        for part in parts {
            // A table of both families: an address can only be read of a packet which has one.
            if !isFamilyKnown, let needed = part.fields.lazy.compactMap(\.family).first {
                made += [.meta(.family, into: .first), .compare(.first, .equal, [needed == .v4 ? 2 : 10])]
                isFamilyKnown = true
            }
            made += part.expressions
        }
        return made
    }
}

extension Rule.Part {
    fileprivate var fields: [Field] {
        switch self {
        case .isIn(let fields, _), .isNotIn(let fields, _), .redirect(_, let fields, _): fields
        case .isInside(let field, _), .isOutside(let field, _), .isText(let field, _),
            .isNotText(let field, _):
            [field]
        default: []
        }
    }

    fileprivate var expressions: [Expression] {
        switch self {
        case .isIn(let fields, let set): Field.load(fields) + [.lookUp(set, isInverted: false)]
        case .isNotIn(let fields, let set): Field.load(fields) + [.lookUp(set, isInverted: true)]
        case .isText(let field, let text): compare(field, .equal, text)
        case .isNotText(let field, let text): compare(field, .notEqual, text)
        case .isInside(let field, let prefix): compare(field, .equal, prefix)
        case .isOutside(let field, let prefix): compare(field, .notEqual, prefix)
        // IP_CT_ESTABLISHED and IP_CT_RELATED.
        case .isOfKnownConnection: [.conntrack(.state, into: .first)] + .anyOf(1 << 1 | 1 << 2)
        // IPS_DST_NAT.
        case .isRedirected: [.conntrack(.status, into: .first)] + .anyOf(1 << 5)
        // RTN_LOCAL.
        case .isForThisHost:
            [.kindOfDestination(into: .first), .compare(.first, .equal, bytes(UInt32(2)))]
        case .jump(let chain): [.jump(chain)]
        case .accept: [.accept]
        case .drop: [.drop]
        case .comeBack: [.comeBack]
        case .masquerade: [.masquerade]
        case .redirect(let family, let fields, let map):
            Field.load(fields) + [
                .lookUpData(map),
                .redirect(family, address: .first, port: Register(offset: family.bitCount / 8)),
            ]
        }
    }
}

private func compare(_ field: Field, _ comparison: Expression.Comparison, _ text: String) -> [Expression] {
    let padding = [UInt8](repeating: 0, count: max(0, field.size - text.utf8.count))
    return [field.load(into: .first), .compare(.first, comparison, Array(text.utf8) + padding)]
}

/// Whole bytes of a prefix are compared alone; otherwise the bits behind it are masked out first.
private func compare(
    _ field: Field, _ comparison: Expression.Comparison, _ prefix: IPPrefix
) -> [Expression] {
    let network = prefix.first.octets
    if prefix.length % 8 == 0 {
        let count = prefix.length / 8
        return [
            field.load(into: .first, count: count),
            .compare(.first, comparison, Array(network.prefix(count))),
        ]
    }
    let mask = network.indices.map {
        UInt8(truncatingIfNeeded: 0xFF00 >> min(8, max(0, prefix.length - $0 * 8)))
    }
    return [
        field.load(into: .first), .mask(.first, mask), .compare(.first, comparison, network),
    ]
}

extension [Expression] {
    /// One of the bits in the first register is set.
    fileprivate static func anyOf(_ bits: UInt32) -> [Expression] {
        [.mask(.first, bytes(bits)), .compare(.first, .notEqual, bytes(UInt32(0)))]
    }
}
