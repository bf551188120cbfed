/// One message of the kernel's answer.
package struct NetlinkAnswer: Sendable {
    package let type: UInt16
    /// The fixed header of the type, then attributes.
    package let body: ArraySlice<UInt8>

    /// The attributes behind a fixed header of `length` bytes.
    package func attributes(after length: Int) -> NetlinkAttributes {
        NetlinkAttributes(body.dropFirst(length))
    }
}

/// The attributes of a message or of another attribute, in the kernel's order.
package struct NetlinkAttributes: Sequence, Sendable {
    private let bytes: ArraySlice<UInt8>

    package init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// The value of the first attribute of this type.
    package subscript(type: UInt16) -> ArraySlice<UInt8>? { first { $0.type == type }?.value }

    /// What is nested in the first attribute of this type; empty when there is none.
    package func nested(_ type: UInt16) -> NetlinkAttributes { NetlinkAttributes(self[type] ?? []) }

    /// A number in the machine's byte order.
    package func number<Number: FixedWidthInteger>(_ type: UInt16, as _: Number.Type) -> Number? {
        self[type]?.number(as: Number.self)
    }

    /// A text without its final zero.
    package func text(_ type: UInt16) -> String? { self[type]?.text }

    /// Walks over the attributes; ends where one does not fit.
    package struct Iterator: IteratorProtocol {
        var rest: ArraySlice<UInt8>

        /// The next attribute, or nil at the end.
        package mutating func next() -> (type: UInt16, value: ArraySlice<UInt8>)? {
            guard rest.count >= 4 else { return nil }
            let size = Int(rest.number(as: UInt16.self))
            guard size >= 4, size <= rest.count else { return nil }
            // Without NLA_F_NESTED and NLA_F_NET_BYTEORDER.
            let type = rest.dropFirst(2).number(as: UInt16.self) & 0x3fff
            defer { rest = rest.dropFirst((size + 3) & ~3) }
            return (type, rest.dropFirst(4).prefix(size - 4))
        }
    }

    /// Begins at the first attribute.
    package func makeIterator() -> Iterator { Iterator(rest: bytes) }
}

extension ArraySlice<UInt8> {
    /// The number which stands first, in the machine's byte order; 0 when the slice is too short.
    package func number<Number: FixedWidthInteger>(as _: Number.Type) -> Number {
        withUnsafeBytes { bytes in
            bytes.count < Number.bitWidth / 8 ? 0 : bytes.loadUnaligned(as: Number.self)
        }
    }

    /// The text up to the first zero.
    package var text: String { String(decoding: prefix { $0 != 0 }, as: UTF8.self) }
}
