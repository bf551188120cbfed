import Foundation
import Testing

/// User namespaces, id-mapped mounts, cgroups, propagation, network interfaces.
@Suite(.enabled(if: TestBundle.isPossible)) struct NamespaceTests {
    /// A bundle in a user namespace whose root is nobody on the host.
    private func mapped() throws -> TestBundle {
        let bundle = try TestBundle()
        bundle.namespaces.append("user")
        let map = [["containerID": 0, "hostID": 100_000, "size": 65536]]
        bundle.linux["uidMappings"] = map
        bundle.linux["gidMappings"] = map
        for name in ["proc", "dev", "sys", "data", "pts"] {
            try bundle.make(directory: bundle.rootfs + "/" + name)
        }
        return bundle
    }

    @Test func aUserNamespaceGetsDevicesOfTheHost() throws {
        let bundle = try mapped()
        // Nobody may walk to the bundle but root of the host.
        let outcome = try bundle.run(
            "stat -c '%n %F %t:%T' /dev/null /dev/urandom; echo x >/dev/null && id -u; cat /proc/self/uid_map",
            before: "chmod 700 \(bundle.directory)")
        #expect(
            outcome.output.hasPrefix(
                "/dev/null character special file 1:3\n/dev/urandom character special file 1:9\n0\n"),
            "\(outcome)")
        #expect(outcome.output.contains("100000"))
    }

    @Test func aSourceOnlyTheHostCanReachIsMounted() throws {
        let bundle = try mapped()
        try bundle.make(directory: bundle.outside + "/private")
        try bundle.write(bundle.outside + "/private/file", "text")
        bundle.mounts.append(TestBundle.mount("/data", "bind", bundle.outside + "/private", ["rbind", "ro"]))
        let outcome = try bundle.run("cat /data/file", before: "chmod 700 \(bundle.outside)")
        #expect(outcome.output == "text", "\(outcome)")
    }

    @Test(arguments: [
        ["bind", "idmap"], ["bind", "idmap=uids=0-100000-10;gids=0-100000-10"],
        ["bind", "idmap=uids=@0-0-10;gids=@0-0-10"],
    ])
    func anIDMappedMountShowsTheContainersOwners(_ options: [String]) throws {
        let bundle = try mapped()
        try bundle.write(bundle.outside + "/file", "")
        bundle.mounts.append(TestBundle.mount("/data", "bind", bundle.outside, options))
        let outcome = try bundle.run(
            "stat -c %u:%g /data/file; touch /data/new", before: "chown 0:3 \(bundle.outside)/file")
        #expect(outcome.output == "0:3\n" && outcome.code == 0, "\(outcome)")
        let owner = try FileManager.default.attributesOfItem(atPath: bundle.outside + "/new")[.ownerAccountID]
        #expect(owner as? Int == 0)
    }

    @Test func anIDMappedMountWorksWithoutAUserNamespace() throws {
        let bundle = try TestBundle()
        try bundle.write(bundle.outside + "/file", "")
        var mount = TestBundle.mount("/data", "bind", bundle.outside, ["bind", "idmap"])
        mount["uidMappings"] = [["containerID": 0, "hostID": 1234, "size": 10]]
        mount["gidMappings"] = [["containerID": 0, "hostID": 4321, "size": 10]]
        bundle.mounts.append(mount)
        #expect(try bundle.run("stat -c %u:%g /data/file").output == "1234:4321\n")
    }

    @Test func aNewFileSystemIsMappedToo() throws {
        let bundle = try TestBundle()
        var mount = TestBundle.mount("/data", "tmpfs", "tmpfs")
        mount["uidMappings"] = [["containerID": 0, "hostID": 1234, "size": 10]]
        mount["gidMappings"] = [["containerID": 0, "hostID": 4321, "size": 10]]
        bundle.mounts.append(mount)
        let outcome = try bundle.run("stat -c %u:%g /data")
        #expect(outcome.output == "1234:4321\n", "\(outcome)")
    }

    @Test func hintsNameWhatAUserNamespaceLacks() throws {
        let bundle = try mapped()
        bundle.mounts.append(TestBundle.mount("/pts", "devpts", "devpts", ["newinstance", "gid=70000"]))
        let outcome = try bundle.run("true")
        #expect(
            outcome.code == 125 && outcome.error.contains("no mapping in the user namespace"), "\(outcome)")
        let other = try mapped()
        other.namespaces.removeAll { $0 == "network" }
        let refused = try other.run("true")
        #expect(refused.error.contains("network namespace made in the same user namespace"), "\(refused)")
    }

    @Test func aSharedVolumeReachesTheHostOnlyWhenAskedFor() throws {
        for (propagation, option, reaches) in [("", "rbind", false), ("rshared", "rshared", true)] {
            let bundle = try TestBundle()
            if !propagation.isEmpty { bundle.linux["rootfsPropagation"] = propagation }
            bundle.mounts.append(TestBundle.mount("/data", "bind", bundle.outside, ["rbind", option]))
            bundle.mounts.append(TestBundle.mount("/sub/deeper", "tmpfs", "tmpfs"))
            let before = """
                mount --bind \(bundle.outside) \(bundle.outside)
                mkdir \(bundle.rootfs)/sub; mount -t tmpfs s \(bundle.rootfs)/sub; mount --make-rshared /
                "$0" "$@"; cat /proc/self/mountinfo; exit
                """
            let outcome = try bundle.run("mkdir /data/sub; mount -t tmpfs t /data/sub", before: before)
            #expect(outcome.code == 0, "\(outcome)")
            #expect((outcome.mounts[bundle.outside + "/sub"] != nil) == reaches, "\(outcome)")
            // Nothing of the host is gone, and nothing else of the container is left on it.
            #expect(outcome.mounts["/proc"] != nil && outcome.mounts["/sys/fs/cgroup"] != nil, "\(outcome)")
            let inside = outcome.mounts.keys.filter { $0.hasPrefix(bundle.rootfs) }
            #expect(inside == [bundle.rootfs + "/sub"], "\(outcome)")
        }
    }

    @Test func cgroupsOfAVersionOneHostAreTheContainersOwn() throws {
        guard FileManager.default.fileExists(atPath: "/sys/fs/cgroup/pids/cgroup.procs") else { return }
        let name = "apus-rootfs-\(UUID().uuidString)"
        for hasNamespace in [false, true] {
            let bundle = try TestBundle()
            bundle.mounts.append(
                TestBundle.mount("/sys/fs/cgroup", "cgroup", "cgroup", ["ro", "nosuid", "nodev", "noexec"]))
            if hasNamespace { bundle.namespaces.append("cgroup") }
            let place = "/sys/fs/cgroup/pids/\(name)"
            let before = """
                mkdir \(place) \(place)/marker; echo $$ >\(place)/cgroup.procs
                "$0" "$@"; code=$?; echo $$ >/sys/fs/cgroup/pids/cgroup.procs; rmdir \(place)/marker \(place); exit $code
                """
            let outcome = try bundle.run(
                "ls -d /sys/fs/cgroup/pids/marker; mkdir /sys/fs/cgroup/pids/x; touch /sys/fs/cgroup/y",
                ["--cgroup", "pids=\(place)"], before: before)
            #expect(outcome.output == "/sys/fs/cgroup/pids/marker\n", "\(hasNamespace) \(outcome)")
            #expect(outcome.error.components(separatedBy: "Read-only file system").count == 3, "\(outcome)")
        }
    }

    @Test(arguments: [(false, false), (true, false), (false, true)])
    func cgroupsOfAVersionTwoHostAreTheContainersOwn(_ hasNamespace: Bool, _ isMapped: Bool) throws {
        let bundle = isMapped ? try mapped() : try TestBundle()
        bundle.mounts.append(
            TestBundle.mount("/sys/fs/cgroup", "cgroup", "cgroup", ["ro", "nosuid", "nodev", "noexec"]))
        if hasNamespace { bundle.namespaces.append("cgroup") }
        let place = "/sys/fs/cgroup/apus-rootfs-\(UUID().uuidString)"
        let before = """
            umount -l /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup
            mkdir \(place) \(place)/marker; echo $$ >\(place)/cgroup.procs
            "$0" "$@"; code=$?; echo $$ >/sys/fs/cgroup/cgroup.procs; rmdir \(place)/marker \(place); exit $code
            """
        let outcome = try bundle.run(
            "ls -d /sys/fs/cgroup/marker; mkdir /sys/fs/cgroup/x", ["--cgroup", place], before: before)
        #expect(outcome.output == "/sys/fs/cgroup/marker\n", "\(outcome)")
        #expect(outcome.error.contains("Read-only file system"), "\(outcome)")
    }

    /// CVE-2023-25809: without a cgroup of its own a container may only look at the host's.
    @Test func cgroupsOfTheHostAreLocked() throws {
        let bundle = try TestBundle()
        bundle.mounts.append(TestBundle.mount("/sys/fs/cgroup", "cgroup", "cgroup", ["rw"]))
        let name = "apus-rootfs-\(UUID().uuidString)"
        let outcome = try bundle.run(
            "mkdir /sys/fs/cgroup/\(name)",
            before: "umount -l /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup")
        #expect(outcome.error.contains("Read-only file system"), "\(outcome)")
    }

    @Test func aNetworkInterfaceMovesWithItsAddresses() throws {
        let bundle = try TestBundle()
        bundle.linux["netDevices"] = ["apus0": ["name": "eth7"]]
        let before = """
            ip link add apus0 type veth peer apus1; ip address add 192.0.2.7/24 dev apus0
            ip -6 address add 2001:db8::7/64 dev apus0; ip link set apus0 up; ip link set apus1 up
            """
        let outcome = try bundle.run("ip -o address show dev eth7; ip link show dev eth7", before: before)
        #expect(outcome.output.contains("192.0.2.7/24"), "\(outcome)")
        #expect(outcome.output.contains("2001:db8::7/64") && outcome.output.contains("UP"), "\(outcome)")
    }

    @Test func aMissingOrTakenInterfaceIsNamed() throws {
        let bundle = try TestBundle()
        bundle.linux["netDevices"] = ["none0": [String: String]()]
        let missing = try bundle.run("true")
        #expect(
            missing.error.contains("linux.netDevices.none0") && missing.error.contains("No such device"),
            "\(missing)")
        bundle.linux["netDevices"] = ["apus0": ["name": "lo"]]
        let taken = try bundle.run("true", before: "ip link add apus0 type veth peer apus1")
        #expect(taken.error.contains("File exists"), "\(taken)")
    }
}
