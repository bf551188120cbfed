internal import Kernel

/// One block of 512 bytes in front of an entry. tar(5), "POSIX ustar Archives", "GNU Tar Archives".
struct TarHeader {
    static let size = 512

    let type: UInt8
    let path: [UInt8]
    let link: [UInt8]
    let size: Int64
    let mode: Int64
    let uid: Int64
    let gid: Int64
    /// Seconds.
    let modifiedAt: Int64
    let device: DeviceNumber

    /// Why a block is no header.
    struct Problem: Error { let reason: String }

    /// Reads a block, which is not all zeros.
    init(_ block: [UInt8]) throws(Problem) {
        let sum = try Self.number(block[148..<156], "the checksum")
        guard Self.sums(of: block).contains(sum) else {
            throw Problem(reason: "a header's checksum is wrong")
        }
        type = block[156]
        path = Self.path(block)
        link = Self.text(block[157..<257])
        size = try Self.number(block[124..<136], "the size")
        mode = try Self.number(block[100..<108], "the mode")
        uid = try Self.number(block[108..<116], "the owner")
        gid = try Self.number(block[116..<124], "the group")
        modifiedAt = try Self.number(block[136..<148], "the time")
        let isDevice = type == UInt8(ascii: "3") || type == UInt8(ascii: "4")
        let major = isDevice ? try Self.number(block[329..<337], "the device") : 0
        let minor = isDevice ? try Self.number(block[337..<345], "the device") : 0
        guard let major = UInt32(exactly: major), let minor = UInt32(exactly: minor) else {
            throw Problem(reason: "device \(major):\(minor) is out of range")
        }
        device = DeviceNumber(major: major, minor: minor)
    }

    /// The name, with the prefix which only POSIX's form has in this place.
    private static func path(_ block: [UInt8]) -> [UInt8] {
        let name = text(block[0..<100])
        guard block[257..<263].elementsEqual("ustar\0".utf8) else { return name }
        let prefix = text(block[345..<500])
        return prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    }

    /// The sum of all bytes with blanks in the checksum's place; some old programs counted bytes as signed.
    private static func sums(of block: [UInt8]) -> [Int64] {
        var (unsigned, signed): (Int64, Int64) = (8 * 32, 8 * 32)
        for (index, byte) in block.enumerated() where !(148..<156).contains(index) {
            unsigned += Int64(byte)
            signed += Int64(Int8(bitPattern: byte))
        }
        return [unsigned, signed]
    }

    private static func text(_ field: ArraySlice<UInt8>) -> [UInt8] { Array(field.prefix { $0 != 0 }) }

    /// Octal digits with blanks around them; or, when the first bit is set, the rest in two's complement (GNU).
    static func number(_ field: ArraySlice<UInt8>, _ what: String) throws(Problem) -> Int64 {
        let first = field.first ?? 0
        if first & 0x80 != 0 {
            var value: Int64 = first & 0x40 != 0 ? -1 : 0
            for (index, byte) in field.enumerated() {
                let byte = index == 0 ? (first & 0x40 != 0 ? byte : byte & 0x7f) : byte
                guard (Int64.min >> 8...Int64.max >> 8).contains(value) else {
                    throw Problem(reason: "\(what) is too large a number")
                }
                value = value << 8 | Int64(byte)
            }
            return value
        }
        let blanks: [UInt8] = [0, UInt8(ascii: " ")]
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { !blanks.contains($0) }
        var value: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else {
                throw Problem(reason: "\(what) is no octal number")
            }
            value = value << 3 | Int64(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
