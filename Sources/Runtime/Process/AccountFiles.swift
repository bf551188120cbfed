/// A line of passwd(5).
package struct Account: Hashable, Sendable {
    package let name: String
    package let uid: UInt32
    /// Absolute path; `nil` where the line has something else.
    package let home: String?
}

/// The contents of a container's /etc/passwd. The container wrote it: nothing in it is trusted.
///
/// Lines which cannot be read are passed over. Only the first ``limit`` bytes count.
package struct PasswdFile: Sendable {
    private let bytes: ArraySlice<UInt8>

    /// Bytes looked at; a large site has a tenth of it.
    package static let limit = 4 << 20

    package init(_ bytes: [UInt8]) { self.bytes = bytes.prefix(Self.limit) }

    /// The first account with the user id `uid`.
    package func entry(uid: UInt32) -> Account? { first { $0.uid == uid } }

    private func first(_ isWanted: (Account) -> Bool) -> Account? {
        var lines = Lines(bytes)
        while let line = lines.next() {
            let fields = line.split(
                separator: UInt8(ascii: ":"), maxSplits: 7, omittingEmptySubsequences: false)
            guard fields.count >= 6, let name = accountName(fields[0]), let uid = identifier(text(fields[2])),
                identifier(text(fields[3])) != nil
            else { continue }
            let home = text(fields[5])
            let account = Account(name: name, uid: uid, home: home.hasPrefix("/") ? home : nil)
            if isWanted(account) { return account }
        }
        return nil
    }
}

/// The lines of a file, without comments, empty ones, and those a program cannot take as a C string.
private struct Lines {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func next() -> ArraySlice<UInt8>? {
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[rest.startIndex..<end]
            rest = end == rest.endIndex ? [] : rest[(end + 1)...]
            if !line.isEmpty, line.first != UInt8(ascii: "#"), !line.contains(0) { return line }
        }
        return nil
    }
}

/// The name, unless it is empty or one of the `+` and `-` lines of NIS.
private func accountName(_ field: ArraySlice<UInt8>) -> String? {
    guard let first = field.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
    return text(field)
}

private func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
