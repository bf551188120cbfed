/// Why bytes are not a message of the DNS.
package struct MalformedMessage: Error, Hashable, Sendable {
    /// The byte where it shows.
    package let offset: Int
}

/// Reads a message of the DNS from bytes nobody vouches for. RFC 1035, section 4.
struct MessageReader {
    let bytes: [UInt8]
    private(set) var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { index == bytes.count }

    mutating func uint16() throws(MalformedMessage) -> UInt16 {
        guard bytes.count - index >= 2 else { throw MalformedMessage(offset: index) }
        index += 2
        return UInt16(bytes[index - 2]) << 8 | UInt16(bytes[index - 1])
    }

    mutating func skip(_ count: Int) throws(MalformedMessage) {
        guard bytes.count - index >= count else { throw MalformedMessage(offset: index) }
        index += count
    }

    /// A name; labels said elsewhere are followed, always further to the front, so that there is an end.
    mutating func name() throws(MalformedMessage) -> DomainName {
        var wire: [UInt8] = []
        var place = index
        var lowest = index
        var isBehind = false
        while true {
            guard place < bytes.count else { throw MalformedMessage(offset: place) }
            let length = Int(bytes[place])
            switch length {
            case 0:
                if !isBehind { index = place + 1 }
                return DomainName(wire: wire)
            case 1...63:
                guard bytes.count - place > length, wire.count + length < DomainName.longest else {
                    throw MalformedMessage(offset: place)
                }
                wire += bytes[place...place + length]
                place += length + 1
            case 0xC0...:
                guard place + 1 < bytes.count else { throw MalformedMessage(offset: place) }
                let target = (length & 0x3F) << 8 | Int(bytes[place + 1])
                guard target < lowest else { throw MalformedMessage(offset: place) }
                if !isBehind { index = place + 2 }
                isBehind = true
                lowest = target
                place = target
            default: throw MalformedMessage(offset: place)
            }
        }
    }
}
