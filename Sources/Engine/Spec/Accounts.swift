internal import Kernel

/// The users and groups of an image: its `/etc/passwd` and `/etc/group`. passwd(5), group(5).
package struct Accounts: Hashable, Sendable {
    private var users: [User] = []
    private var groups: [Group] = []

    private struct User: Hashable, Sendable {
        let name: String
        let uid: UInt32
        let gid: UInt32
        let home: String
    }

    private struct Group: Hashable, Sendable {
        let name: String
        let gid: UInt32
        let members: [String]
    }

    /// Reads the two files' text; lines which are none of theirs are passed over.
    package init(passwd: String, group: String) {
        for line in lines(passwd) {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 4, let uid = UInt32(fields[2]), let gid = UInt32(fields[3]) else {
                continue
            }
            users.append(
                User(
                    name: String(fields[0]), uid: uid, gid: gid,
                    home: fields.count > 5 ? String(fields[5]) : ""))
        }
        for line in lines(group) {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 3, let gid = UInt32(fields[2]) else { continue }
            let members = fields.count > 3 ? fields[3].split(separator: ",").map(String.init) : []
            groups.append(Group(name: String(fields[0]), gid: gid, members: members))
        }
    }

    /// Who `user` means, with the further groups `added`.
    ///
    /// `user`: `NAME`, `UID`, and behind a colon a group's name or number; empty is root. Digits are always a number: an image which
    /// calls its root `1000` does not make root of user 1000 (CVE-2016-3697).
    /// - Throws: ``EngineError`` for a name nobody has, or a number no ID may have.
    package func identity(of user: String, added: [String] = []) throws(EngineError) -> ProcessIdentity {
        let parts = user.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let name = parts.first ?? ""
        let number = name.isEmpty ? 0 : try number(name)
        let found = users.first { user in number.map { $0 == user.uid } ?? (user.name == name) }
        guard let uid = number ?? found?.uid else {
            throw EngineError("unable to find user \(name): no matching entries in passwd file", .invalid)
        }
        var identity = ProcessIdentity(uid: uid, gid: found?.gid ?? 0, home: found?.home ?? "")
        if parts.count > 1, !parts[1].isEmpty {
            identity.gid = try gid(of: parts[1])
            identity.groups = [identity.gid]
        } else {
            let own = groups.filter { group in found.map { group.members.contains($0.name) } ?? false }
            // The group itself is a supplementary one, too: else a program drops out of it by setgroups(2).
            identity.groups = [identity.gid] + own.map(\.gid).filter { $0 != identity.gid }
        }
        for group in added {
            let gid = try gid(of: group)
            if !identity.groups.contains(gid) { identity.groups.append(gid) }
        }
        return identity
    }

    private func gid(of name: String) throws(EngineError) -> UInt32 {
        if let number = try number(name) { return number }
        guard let found = groups.first(where: { $0.name == name }) else {
            throw EngineError("unable to find group \(name): no matching entries in group file", .invalid)
        }
        return found.gid
    }

    private func number(_ text: String) throws(EngineError) -> UInt32? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        guard let number = UInt32(text), number <= 2_147_483_647 else {
            throw EngineError("uids and gids must be in range 0-2147483647", .invalid)
        }
        return number
    }
}

/// By bytes: a carriage return and a line feed are one character, which is no line's end.
private func lines(_ text: String) -> [String] {
    text.utf8.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
}

/// Who a container's program is.
package struct ProcessIdentity: Hashable, Sendable {
    package var uid: UInt32
    package var gid: UInt32
    package var groups: [UInt32] = []
    /// The home directory of the image's passwd; empty when it has none.
    package var home: String

    package init(uid: UInt32, gid: UInt32, groups: [UInt32] = [], home: String = "") {
        (self.uid, self.gid, self.groups, self.home) = (uid, gid, groups, home)
    }
}

extension Accounts {
    /// Reads the files of the image whose root file system is at `root`; a missing one has nobody in it.
    package init(rootfs root: String) throws(EngineError) {
        do throws(SystemError) {
            let directory = try FileDescriptor.open(root, [.directory, .reference])
            self.init(
                passwd: try directory.text(below: "etc/passwd"), group: try directory.text(below: "etc/group")
            )
        } catch { throw EngineError("cannot read the users of \(root): \(error)") }
    }
}

extension FileDescriptor {
    private static let largest = 8 << 20

    /// The text of a regular file below this directory, which is `/` for its links; empty when there is none.
    ///
    /// The image is hostile: no link leads out, and nothing is opened whose opening alone does something, as of a fifo or a device.
    fileprivate borrowing func text(below path: String) throws(SystemError) -> String {
        let limits: Resolve = [.inRoot, .noMagicLinks]
        do throws(SystemError) {
            let reference = try open(below: path, .reference, resolve: limits)
            guard try reference.status().kind == .regular else { return "" }
            let file = try FileDescriptor.open(
                "/proc/self/fd/\(reference.rawValue)", [.nonBlocking, .noControllingTerminal])
            return String(decoding: try file.readAll(atMost: Self.largest), as: UTF8.self)
        } catch {
            guard [.noEntity, .notDirectory, .symbolicLink].contains(error.errno) else { throw error }
            return ""
        }
    }
}
