/// One name in a directory, as the bytes the kernel takes, whatever they mean in a character set.
///
/// It never leads anywhere else: it is not empty, neither `.` nor `..`, and has no slash in it.
package struct EntryName: Hashable, Sendable, CustomStringConvertible {
    /// Ends in NUL, as C wants it.
    let characters: [CChar]

    /// - Returns: `nil` for what is no name: also for one with NUL in it, and one of more than 255 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard (1...255).contains(bytes.count), !bytes.contains(0), !bytes.contains(UInt8(ascii: "/")) else {
            return nil
        }
        let dot = UInt8(ascii: ".")
        if bytes.count < 3, bytes.allSatisfy({ $0 == dot }) { return nil }
        characters = bytes.map { CChar(bitPattern: $0) } + [0]
    }

    package init?(_ text: String) { self.init(text.utf8) }

    package var bytes: [UInt8] { characters.dropLast().map { UInt8(bitPattern: $0) } }

    /// For a person: what is no UTF-8 is replaced.
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}
