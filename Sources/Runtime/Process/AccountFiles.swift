/// A line of passwd(5).
package struct Account: Hashable, Sendable {
    package let name: String
    package let uid: UInt32
    package let gid: UInt32
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

    /// The first account called `name`.
    package func entry(named name: String) -> Account? { first { $0.name == name } }

    private func first(_ isWanted: (Account) -> Bool) -> Account? {
        var lines = Lines(bytes)
        while let line = lines.next() {
            let fields = line.split(
                separator: UInt8(ascii: ":"), maxSplits: 7, omittingEmptySubsequences: false)
            guard fields.count >= 6, let name = accountName(fields[0]), let uid = identifier(text(fields[2])),
                let gid = identifier(text(fields[3]))
            else { continue }
            let home = text(fields[5])
            let account = Account(name: name, uid: uid, gid: gid, home: home.hasPrefix("/") ? home : nil)
            if isWanted(account) { return account }
        }
        return nil
    }
}

/// The contents of a container's /etc/group. The container wrote it: nothing in it is trusted.
package struct GroupFile: Sendable {
    private let bytes: ArraySlice<UInt8>

    /// The kernel's own limit on supplementary groups. setgroups(2).
    package static let groupLimit = 65536

    package init(_ bytes: [UInt8]) { self.bytes = bytes.prefix(PasswdFile.limit) }

    /// The id of the first group called `name`.
    package func gid(ofGroup name: String) -> UInt32? {
        var lines = Lines(bytes)
        while let line = lines.next() {
            if let group = Group(line), group.name == name { return group.gid }
        }
        return nil
    }

    /// Ids of the groups which have `user` as a member, each once, in the order of the file.
    package func gids(ofMember user: String) -> [UInt32] {
        let user = Array(user.utf8)[...]
        var found: [UInt32] = []
        var seen: Set<UInt32> = []
        var lines = Lines(bytes)
        while let line = lines.next(), found.count < Self.groupLimit {
            guard let group = Group(line), group.has(member: user), seen.insert(group.gid).inserted else {
                continue
            }
            found.append(group.gid)
        }
        return found
    }
}

/// A line of group(5).
private struct Group {
    let name: String
    let gid: UInt32
    let members: ArraySlice<UInt8>

    init?(_ line: ArraySlice<UInt8>) {
        let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 4, omittingEmptySubsequences: false)
        guard fields.count >= 4, let name = accountName(fields[0]), let gid = identifier(text(fields[2]))
        else {
            return nil
        }
        (self.name, self.gid, members) = (name, gid, fields[3])
    }

    func has(member user: ArraySlice<UInt8>) -> Bool {
        members.split(separator: UInt8(ascii: ",")).contains { $0.elementsEqual(user) }
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
