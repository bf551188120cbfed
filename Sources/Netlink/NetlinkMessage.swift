/// A request to the kernel, built piece by piece. netlink(7).
///
/// A message is a value: it knows the command it stands for, is read in a test, and several go out in one send.
package struct NetlinkMessage: Hashable, Sendable {
    /// The command it stands for, as a person would type it.
    package let request: String
    /// The header of 16 bytes, the fixed header of the type, attributes. The sender fills in number and port.
    package private(set) var bytes: [UInt8]
    /// An attribute is longer than the 16 bits of its length say: sent as it is, its end would be read as further
    /// attributes (CVE-2021-43784). ``NetlinkSocket`` refuses it.
    private(set) var isTooLong = false

    /// Begins a message of `type` with the fixed `header` which belongs to the type.
    package init(_ type: UInt16, _ flags: Flags, header: [UInt8], request: String) {
        self.request = request
        bytes = []
        bytes.reserveCapacity(256)
        bytes.append(number: UInt32(0))
        bytes.append(number: type)
        bytes.append(number: flags.rawValue)
        bytes.append(number: UInt64(0))
        bytes += header
        finish()
    }

    /// `nlmsg_flags`.
    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }
        package static let request = Flags(rawValue: 0x1)
        package static let acknowledge = Flags(rawValue: 0x4)
        package static let echo = Flags(rawValue: 0x8)
        package static let replace = Flags(rawValue: 0x100)
        package static let exclusive = Flags(rawValue: 0x200)
        package static let create = Flags(rawValue: 0x400)
        package static let append = Flags(rawValue: 0x800)
        package static let dump = Flags(rawValue: 0x300)
    }

    /// Adds an attribute.
    package mutating func put(_ attribute: UInt16, _ value: [UInt8]) {
        bytes.append(number: length(value.count + 4))
        bytes.append(number: attribute)
        bytes += value
        finish()
    }

    /// Adds a text with its final zero.
    package mutating func put(_ attribute: UInt16, _ text: String) { put(attribute, Array(text.utf8) + [0]) }

    /// Adds a number in the machine's byte order.
    package mutating func put(_ attribute: UInt16, _ number: some FixedWidthInteger) {
        bytes.append(number: length(number.bitWidth / 8 + 4))
        bytes.append(number: attribute)
        bytes.append(number: number)
        finish()
    }

    /// Adds an attribute which holds what `body` puts, behind a fixed `header`.
    package mutating func nest(
        _ attribute: UInt16, header: [UInt8] = [], _ body: (inout NetlinkMessage) -> Void
    ) {
        let start = bytes.count
        bytes.append(number: UInt16(0))
        bytes.append(number: attribute | 0x8000)  // NLA_F_NESTED
        bytes += header
        finish()
        body(&self)
        bytes.replace(at: start, number: length(bytes.count - start))
    }

    private mutating func length(_ count: Int) -> UInt16 {
        if count > UInt16.max { isTooLong = true }
        return UInt16(truncatingIfNeeded: count)
    }

    /// Gives the message its number and the socket's port.
    package mutating func stamp(sequence: UInt32, port: UInt32) {
        bytes.replace(at: 8, number: sequence)
        bytes.replace(at: 12, number: port)
    }

    /// Rounds up to four bytes, and keeps the message's length in its header.
    private mutating func finish() {
        while bytes.count & 3 != 0 { bytes.append(0) }
        bytes.replace(at: 0, number: UInt32(truncatingIfNeeded: bytes.count))
    }
}

extension [UInt8] {
    /// Adds a number in the machine's byte order.
    package mutating func append(number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number) { append(contentsOf: $0) }
    }

    /// Puts a number over the bytes which stand at `index`.
    package mutating func replace(at index: Int, number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number) { replaceSubrange(index..<index + $0.count, with: $0) }
    }
}
