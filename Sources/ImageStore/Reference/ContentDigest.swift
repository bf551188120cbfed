internal import Digest

/// The SHA-256 by which a blob, a layer or an image is known. OCI image-spec, descriptor.md, "Digests".
package struct ContentDigest: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 64 digits of base 16 in lower case.
    package let hex: String

    /// Reads `sha256:` and 64 digits.
    package init?(_ text: String) {
        guard text.hasPrefix("sha256:") else { return nil }
        self.init(hex: String(text.dropFirst(7)))
    }

    /// Reads 64 digits.
    package init?(hex: String) {
        guard hex.utf8.count == 64, hex.utf8.allSatisfy(isHexadecimal) else { return nil }
        self.hex = hex
    }

    /// The digest of `bytes`.
    package init(of bytes: [UInt8]) { hex = hexadecimal(SHA256.hash(bytes)) }

    /// Takes over the result of `hasher`.
    init(_ hasher: consuming SHA256) { hex = hexadecimal(hasher.finish()) }

    package var description: String { "sha256:\(hex)" }

    /// The twelve digits a list of images shows.
    package var short: String { String(hex.prefix(12)) }

    package static func < (one: ContentDigest, other: ContentDigest) -> Bool { one.hex < other.hex }
}

func isHexadecimal(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte
}
