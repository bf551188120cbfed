public import Addressing
public import Kernel

/// A frame which tells a whole link that an IP address is at a MAC address, so neighbours forget an older one.
///
/// IPv4: an ARP announcement (RFC 5227, section 2.3). IPv6: an unsolicited neighbour advertisement (RFC 4861,
/// section 7.2.6) which overrides.
public struct Announcement: Hashable, Sendable {
    /// The whole Ethernet frame.
    public let frame: [UInt8]

    public init(_ address: IPAddress, at mac: MACAddress) {
        frame =
            address.family == .v4
            ? arp(address.octets, mac.octets) : advertisement(address.octets, mac.octets)
    }

    /// Sends it once, out of the interface with the index `link`, which must be up.
    public func send(link: Int32) throws(SystemError) { try sendFrame(frame, link: link) }
}

private func arp(_ address: [UInt8], _ mac: [UInt8]) -> [UInt8] {
    let everybody = [UInt8](repeating: 0xFF, count: 6)
    let nobody = [UInt8](repeating: 0, count: 6)
    // Ethernet, IPv4, lengths 6 and 4, a request: who has my own address?
    let kind: [UInt8] = [0, 1, 8, 0, 6, 4, 0, 1]
    return everybody + mac + [0x08, 0x06] + kind + mac + address + nobody + address
}

private func advertisement(_ address: [UInt8], _ mac: [UInt8]) -> [UInt8] {
    let allNodes: [UInt8] = [0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    // Type 136, override flag, the address, option 2: the sender's MAC address.
    var message: [UInt8] = [136, 0, 0, 0, 0x20, 0, 0, 0] + address + [2, 1] + mac
    let sum = checksum(address + allNodes + [0, 0, 0, UInt8(message.count), 0, 0, 0, 58] + message)
    (message[2], message[3]) = (UInt8(sum >> 8), UInt8(sum & 0xFF))
    // Only a packet with hop limit 255 cannot have come from another link.
    let header: [UInt8] = [0x60, 0, 0, 0, 0, UInt8(message.count), 58, 255]
    return [0x33, 0x33, 0, 0, 0, 1] + mac + [0x86, 0xDD] + header + address + allNodes + message
}

/// RFC 1071, over an even number of bytes.
private func checksum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: bytes.count, by: 2) {
        sum += UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
    }
    while sum > 0xFFFF { sum = (sum & 0xFFFF) + sum >> 16 }
    return ~UInt16(sum)
}
