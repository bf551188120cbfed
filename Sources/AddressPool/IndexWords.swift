internal import Addressing
internal import Kernel

/// The numbers of the index: 64 bits each, lowest byte first.
enum IndexWords {
    static func bytes(_ words: [UInt64]) -> [UInt8] {
        words.map(\.littleEndian).withUnsafeBytes { Array($0) }
    }

    static func words(_ bytes: [UInt8]) -> [UInt64] {
        bytes.withUnsafeBytes { raw in
            (0..<bytes.count / 8).map {
                UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
            }
        }
    }

    static func halves(_ number: UInt128) -> [UInt64] {
        [UInt64(truncatingIfNeeded: number >> 64), UInt64(truncatingIfNeeded: number)]
    }
}

extension FileDescriptor {
    /// `count` words from byte `offset` on; what lies behind the end of the file is 0.
    borrowing func words(_ count: Int, at offset: Int) throws(SystemError) -> [UInt64] {
        var words = IndexWords.words(try read(upTo: count * 8, at: Int64(offset)))
        if words.count < count { words += [UInt64](repeating: 0, count: count - words.count) }
        return words
    }

    borrowing func write(words: [UInt64], at offset: Int) throws(SystemError) {
        try write(IndexWords.bytes(words), at: Int64(offset))
    }
}

extension IPAddress {
    /// One number for both families: IPv4 as IPv6 maps it.
    var indexNumber: UInt128 { family == .v4 ? 0xffff << 32 | value : value }

    init?(indexNumber number: UInt128) {
        let isMapped = number >> 32 == 0xffff
        self.init(family: isMapped ? .v4 : .v6, value: isMapped ? number & 0xffff_ffff : number)
    }
}
