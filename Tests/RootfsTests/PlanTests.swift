import Kernel
import OCISpec
import Testing

@testable import Runtime

@Suite struct MountOptionsTests {
    private func options(_ words: [String]) throws -> MountOptions {
        try MountOptions(words, path: "mounts[3]")
    }

    @Test func laterWordsWin() throws {
        let found = try options(["ro", "rw", "nosuid", "suid", "nosuid", "noatime", "relatime"])
        #expect(found.flags == [.noSetUID, .relativeAccessTime])
        #expect(found.attributes.set == [.noSetUID])
        #expect(found.attributes.clear == MountAttributes.accessTime.union(.readOnly))
    }

    /// mount(8) has them; runc and crun know them.
    @Test(
        arguments: [
            ("ro", MountFlags.readOnly), ("nosuid", .noSetUID), ("nodev", .noDevices), ("noexec", .noExecute),
            ("sync", .synchronous), ("dirsync", .directorySync), ("mand", .mandatoryLocks),
            ("noatime", .noAccessTime),
            ("nodiratime", .noDirectoryAccessTime), ("relatime", .relativeAccessTime),
            ("strictatime", .strictAccessTime), ("lazytime", .lazyTime), ("iversion", .inodeVersion),
            ("silent", .silent), ("acl", .posixACL), ("nosymfollow", .noSymbolicLinks), ("remount", .remount),
            ("bind", .bind), ("rbind", [.bind, .recursive]),
        ] as [(String, MountFlags)])
    func aWordSetsItsFlag(_ word: String, _ flag: MountFlags) throws {
        #expect(try options([word]).flags == flag)
    }

    @Test(arguments: [
        ("rw", "ro"), ("suid", "nosuid"), ("dev", "nodev"), ("exec", "noexec"), ("async", "sync"),
        ("nomand", "mand"),
        ("atime", "noatime"), ("diratime", "nodiratime"), ("norelatime", "relatime"),
        ("nostrictatime", "strictatime"), ("nolazytime", "lazytime"), ("noiversion", "iversion"),
        ("loud", "silent"),
        ("noacl", "acl"), ("symfollow", "nosymfollow"),
    ])
    func aWordTakesItsOppositeBack(_ word: String, _ opposite: String) throws {
        let found = try options([opposite, word])
        #expect(found.flags.isEmpty && found.attributes.set.isEmpty && found.data.isEmpty)
    }

    @Test(
        arguments: [
            ("rro", MountAttributes.readOnly), ("rnosuid", .noSetUID), ("rnodev", .noDevices),
            ("rnoexec", .noExecute),
            ("rnodiratime", .noDirectoryAccessTime), ("rnoatime", .noAccessTime),
            ("rstrictatime", .strictAccessTime),
            ("rnosymfollow", .noSymbolicLinks),
        ] as [(String, MountAttributes)])
    func recursiveWordsAreForAllMountsBelow(_ word: String, _ bits: MountAttributes) throws {
        let found = try options([word])
        #expect(found.recursiveAttributes.set == bits && found.attributes.isEmpty && found.flags.isEmpty)
    }

    @Test(arguments: ["rrw", "rsuid", "rdev", "rexec", "rdiratime", "rsymfollow", "ratime", "rrelatime"])
    func recursiveOpposiitesClear(_ word: String) throws {
        let found = try options([word])
        #expect(!found.recursiveAttributes.clear.isEmpty && found.recursiveAttributes.set.isEmpty)
    }

    @Test func whatNobodyKnowsBelongsToTheFileSystem() throws {
        let found = try options([
            "size=64k", "defaults", "mode=755", "tmpcopyup", "nr_inodes=5", "rslave", "shared",
        ])
        #expect(found.data == ["size=64k", "mode=755", "nr_inodes=5"])
        #expect(found.copiesUp && found.propagation == [[.slave, .recursive], .shared])
    }

    @Test func mapsAreReadAbsoluteAndRelative() throws {
        let found = try MountOptions(
            ["ridmap=uids=@1-3-10#0-7-1;gids=0-100-10"], path: "",
            container: (
                [
                    IDMapping(containerID: 1, hostID: 2, size: 1000),
                    .init(containerID: 0, hostID: 0, size: 1),
                ], []
            ))
        #expect(found.idMap?.isRecursive == true)
        #expect(
            found.idMap?.uids == [
                .init(containerID: 1, hostID: 4, size: 10), .init(containerID: 0, hostID: 7, size: 1),
            ])
        #expect(found.idMap?.gids == [.init(containerID: 0, hostID: 100, size: 10)])
    }

    @Test(arguments: [
        "idmap=", "idmap=uids=0-1", "idmap=uids=0-1-0;gids=0-1-1", "idmap=uids=a-b-c;gids=0-0-1", "idmap=x=1",
    ])
    func aWrongMapIsNamed(_ word: String) throws {
        let error = #expect(throws: RuntimeError.self) { try options(["ro", word]) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("mounts[3].options[1]"))
    }
}

@Suite struct RootfsPlanTests {
    private func plan(_ change: (inout Configuration) -> Void) throws -> RootfsPlan {
        var configuration = Configuration()
        configuration.root.path = "rootfs"
        change(&configuration)
        return try RootfsPlan(configuration: configuration, bundle: "/b")
    }

    private func mount(_ destination: String, _ type: String, _ source: String, _ options: [String] = [])
        -> Mount
    {
        var mount = Mount()
        (mount.destination, mount.type, mount.source, mount.options) = (destination, type, source, options)
        return mount
    }

    @Test func pathsAreMadeAbsoluteAndClean() throws {
        let found = try plan {
            $0.mounts = [mount("a/./b/../c/", "bind", "data"), mount("/../../x", "tmpfs", "tmpfs")]
            $0.linux.maskedPaths = ["/proc/../proc//kcore"]
        }
        #expect(found.root == "/b/rootfs" && found.mounts[0].source == "/b/data")
        #expect(found.mounts.map(\.destination) == ["a/c", "x"] && found.masked == ["proc/kcore"])
    }

    @Test func devicesOfTheHostAreLeftAlone() throws {
        #expect(try plan { $0.mounts = [mount("/dev", "", "/dev", ["rbind"])] }.managesDevices == false)
        #expect(try plan { $0.mounts = [mount("/dev", "tmpfs", "tmpfs")] }.managesDevices)
    }

    @Test func aDeviceOfTheDocumentReplacesTheDefault() throws {
        let found = try plan {
            var device = Device()
            (device.path, device.major, device.minor, device.fileMode) = ("/dev/tty", 5, 0, 0o600)
            $0.linux.devices = [device]
        }
        #expect(
            found.devices.filter { $0.path == "dev/tty" }.map(\.mode) == [0o600] && found.devices.count == 6)
    }

    /// CVE-2023-25809.
    @Test func aReadOnlySysIsReadOnlyAllTheWayDown() throws {
        let found = try plan { $0.mounts = [mount("/sys", "bind", "/sys", ["rbind", "ro"])] }
        #expect(found.mounts[0].options.recursiveAttributes.set == [.readOnly])
    }

    @Test func mistakesNameTheirPlace() throws {
        for (mount, text) in [
            (mount("/a", "", "/b"), "mounts[0].type"), (mount("/a", "bind", "/b", ["idmap"]), "mounts[0]"),
            (mount("/a", "proc", "proc", ["tmpcopyup"]), "mounts[0]"),
        ] {
            let error = #expect(throws: RuntimeError.self) { try plan { $0.mounts = [mount] } }
            #expect("\(error.map { "\($0)" } ?? "")".contains(text))
        }
    }
}

@Suite struct SysctlTests {
    @Test(arguments: [
        ("net.ipv4.ip_forward", "net/ipv4/ip_forward"),
        ("net/ipv4/conf/eth0.100/forwarding", "net/ipv4/conf/eth0.100/forwarding"),
        ("net.ipv4.conf.eth0/100.forwarding", "net/ipv4/conf/eth0.100/forwarding"),
    ])
    func theFirstSeparatorCounts(_ name: String, _ path: String) {
        #expect(ProcHandle.path(of: name) == path)
    }
}
