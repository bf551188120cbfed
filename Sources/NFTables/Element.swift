package import Addressing

/// A value of a ``DataType``.
package enum Value: Hashable, Sendable {
    case address(IPAddress)
    case mac(MACAddress)
    /// A transport protocol by its number: 6 is TCP.
    case protocolNumber(UInt8)
    case port(UInt16)
    /// The name of an interface, at most 15 bytes.
    case interface(String)

    /// The bytes the kernel compares.
    var bytes: [UInt8] {
        switch self {
        case .address(let address): return address.octets
        case .mac(let mac): return mac.octets
        case .protocolNumber(let number): return [number]
        case .port(let port): return [UInt8(port >> 8), UInt8(port & 0xFF)]
        case .interface(let name):
            let text = Array(name.utf8.prefix(15))
            return text + [UInt8](repeating: 0, count: 16 - text.count)
        }
    }

    /// Reads a value of `type`.
    init?(_ type: DataType, _ bytes: ArraySlice<UInt8>) {
        switch type {
        case .ipv4Address, .ipv6Address:
            guard let address = IPAddress(octets: bytes) else { return nil }
            self = .address(address)
        case .etherAddress:
            guard let mac = MACAddress(octets: bytes) else { return nil }
            self = .mac(mac)
        case .protocolNumber: self = .protocolNumber(bytes.first ?? 0)
        case .portNumber: self = .port(bytes.reduce(0) { $0 << 8 | UInt16($1) })
        case .interfaceName: self = .interface(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
        }
    }
}

extension Value: CustomStringConvertible {
    /// As nft(8) writes it.
    package var description: String {
        switch self {
        case .address(let address): "\(address)"
        case .mac(let mac): "\(mac)"
        case .protocolNumber(6): "tcp"
        case .protocolNumber(17): "udp"
        case .protocolNumber(132): "sctp"
        case .protocolNumber(let number): "\(number)"
        case .port(let port): "\(port)"
        case .interface(let name): "\"\(name)\""
        }
    }
}

/// An element of a set or a map.
package struct Element: Hashable, Sendable {
    package let key: [Value]
    /// In a set of ranges the last value of each part; otherwise nil.
    package let end: [Value]?
    /// What a map gives; empty in a set.
    package let data: [Value]
    /// Free text which nft(8) shows; at most 254 bytes.
    package let comment: String

    package init(
        _ key: [Value], upTo end: [Value]? = nil, gives data: [Value] = [], comment: String = ""
    ) {
        self.key = key
        self.end = end
        self.data = data
        self.comment = comment
    }
}

/// Where an element stands: the set and the key in it.
package struct ElementKey: Hashable, Sendable {
    package let table: Table
    package let set: ElementSet
    package let values: [Value]
    /// In a set of ranges the last value of each part; otherwise nil.
    package let end: [Value]?

    package init(_ table: Table, _ set: ElementSet, _ values: [Value], upTo end: [Value]? = nil) {
        self.table = table
        self.set = set
        self.values = values
        self.end = end
    }
}

extension Element: CustomStringConvertible {
    /// As nft(8) writes it.
    package var description: String {
        text(key, upTo: end) + (comment.isEmpty ? "" : " comment \"\(comment)\"")
            + (data.isEmpty ? "" : " : \(text(data))")
    }
}

/// Values with points between them, as nft(8) writes a key.
package func text(_ values: [Value], upTo end: [Value]? = nil) -> String {
    zip(values, end ?? values).map { $0 == $1 ? "\($0)" : "\($0)-\($1)" }.joined(separator: " . ")
}

/// The bytes of a key: one value as it is, several each filled up to four bytes.
func packed(_ values: [Value]) -> [UInt8] {
    if values.count == 1 { return values[0].bytes }
    return values.flatMap { value in
        let bytes = value.bytes
        return bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }
}

/// The values of a key; nil when the bytes are not of these types.
func unpacked(_ types: [DataType], _ bytes: ArraySlice<UInt8>) -> [Value]? {
    var values: [Value] = []
    var rest = bytes
    for type in types {
        guard rest.count >= type.size, let value = Value(type, rest.prefix(type.size)) else { return nil }
        values.append(value)
        rest = rest.dropFirst(type.paddedSize)
    }
    return values
}
