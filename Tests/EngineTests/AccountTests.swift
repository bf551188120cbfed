import Engine
import Kernel
import Testing

private let accounts = Accounts(
    passwd:
        "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34:web:/var/www:/bin/sh\r\n# comment\nbroken:x\n1000:x:0:0::/root:/bin/sh\n",
    group: "root:x:0:\nwww:x:34:\nmedia:x:50:web,other\naudio:x:60:web\n50:x:0:web\n")

@Suite struct AccountTests {
    @Test(arguments: [
        ("", UInt32(0), UInt32(0), [UInt32(0)], "/root"), ("web", 33, 34, [34, 50, 60, 0], "/var/www"),
        ("33", 33, 34, [34, 50, 60, 0], "/var/www"), ("web:media", 33, 50, [50], "/var/www"),
        ("web:99", 33, 99, [99], "/var/www"), ("4711", 4711, 0, [0], ""),
        ("4711:4712", 4711, 4712, [4712], ""),
        ("root", 0, 0, [0], "/root"), ("033", 33, 34, [34, 50, 60, 0], "/var/www"),
    ])
    func aUserIsWhoTheImageSays(
        _ text: String, _ uid: UInt32, _ gid: UInt32, _ groups: [UInt32], _ home: String
    ) throws {
        let identity = try accounts.identity(of: text)
        #expect(identity == ProcessIdentity(uid: uid, gid: gid, groups: groups, home: home))
    }

    @Test func furtherGroupsAreAdded() throws {
        let identity = try accounts.identity(of: "web", added: ["audio", "70", "media"])
        #expect(identity.groups == [34, 50, 60, 0, 70])
    }

    /// The image says `1000:x:0:0` and `50:x:0:` (CVE-2016-3697).
    @Test func digitsAreANumberWhateverTheImageCallsItsRoot() throws {
        #expect(try accounts.identity(of: "1000") == ProcessIdentity(uid: 1000, gid: 0, groups: [0]))
        #expect(try accounts.identity(of: "33:50").gid == 50 && accounts.identity(of: ":50").groups == [50])
        #expect(try accounts.identity(of: "4711:4712", added: ["50"]).groups == [4712, 50])
    }

    @Test(arguments: [
        ("nobody", "unable to find user nobody"), ("web:nosuch", "unable to find group nosuch"),
        ("4294967295", "uids and gids must be in range"), ("-1", "unable to find user -1"),
    ])
    func whoIsNobodyIsNamed(_ text: String, _ reason: String) {
        #expect { try accounts.identity(of: text) } throws: { "\($0)".contains(reason) }
    }

    @Test func aHostileImageLeadsNowhere() throws {
        let root = "/tmp/accounts-\(processID())"
        try makeDirectories("\(root)/etc", mode: 0o755)
        defer { removeAll(root) }
        // The link is absolute, so it means the image's own root: there is no such file in it.
        let etc = try FileDescriptor.open("\(root)/etc", .directory)
        try etc.makeLink("passwd", to: "/etc/passwd")
        try etc.makeNode("group", .fifo, DeviceNumber(major: 0, minor: 0), mode: 0o644)
        let found = try Accounts(rootfs: root)
        #expect(found == Accounts(passwd: "", group: ""))
        try etc.removeFile("passwd")
        try etc.makeLink("passwd", to: "../../../etc/real")
        let real = try FileDescriptor.open("\(root)/etc/real", [.create, .writeOnly], mode: 0o644)
        try real.write("a:x:5:6::/home/a:/bin/sh\n")
        #expect(try Accounts(rootfs: root).identity(of: "a").uid == 5)
    }
}

private func removeAll(_ path: String) {
    guard let name = EntryName(path.split(separator: "/").last.map(String.init) ?? "") else { return }
    try? FileDescriptor.open("/tmp", .directory).removeTree(name)
}
