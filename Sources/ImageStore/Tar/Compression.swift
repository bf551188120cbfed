/// How a stream of bytes is packed, seen from its first six bytes.
enum Compression: Hashable, Sendable {
    case none, gzip, zstd, bzip2, xz

    /// How many bytes it takes to tell.
    static let prefixLength = 6

    init(prefix: some Collection<UInt8>) {
        let bytes = Array(prefix.prefix(Self.prefixLength))
        self =
            if bytes.starts(with: [0x1f, 0x8b]) {
                .gzip
            } else if bytes.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) {
                .zstd
            } else if bytes.starts(with: Array("BZh".utf8)) {
                .bzip2
            } else if bytes.starts(with: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) {
                .xz
            } else {
                .none
            }
    }

    /// The program which unpacks it, and Debian's package.
    var program: (name: String, package: String)? {
        switch self {
        case .none: nil
        case .gzip: ("gzip", "gzip")
        case .zstd: ("zstd", "zstd")
        case .bzip2: ("bzip2", "bzip2")
        case .xz: ("xz", "xz-utils")
        }
    }
}
