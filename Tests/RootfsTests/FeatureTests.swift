import Foundation
import Testing

/// What the document asks for is there, seen from inside.
@Suite(.enabled(if: TestBundle.isPossible)) struct FeatureTests {
    @Test func devicesHaveExactModesAndOwners() throws {
        let bundle = try TestBundle()
        bundle.linux["devices"] = [
            ["path": "/dev/own", "type": "c", "major": 1, "minor": 5, "fileMode": 0o640, "uid": 7, "gid": 8],
            ["path": "/opt/deep/fifo", "type": "p", "fileMode": 0o622],
        ]
        let outcome = try bundle.run(
            "stat -c '%n %a %u:%g %t:%T' /dev/null /dev/tty /dev/own /opt/deep/fifo; ls -l /dev",
            before: "umask 077")
        let lines = outcome.output.split(separator: "\n")
        #expect(
            lines.prefix(4) == [
                "/dev/null 666 0:0 1:3", "/dev/tty 666 0:0 5:0", "/dev/own 640 7:8 1:5",
                "/opt/deep/fifo 622 0:0 0:0",
            ], "\(outcome)")
        for link in ["fd -> /proc/self/fd", "stdin -> /proc/self/fd/0", "ptmx -> pts/ptmx"] {
            #expect(outcome.output.contains(link), "\(outcome)")
        }
    }

    @Test func anExistingDeviceIsKeptAndAnotherOneRefused() throws {
        let bundle = try TestBundle()
        bundle.mounts.remove(at: 2)
        bundle.mounts.remove(at: 1)
        try bundle.make(directory: bundle.rootfs + "/dev")
        let good = try bundle.run(
            "stat -c %a /dev/null", before: "mknod -m 600 \(bundle.rootfs)/dev/null c 1 3")
        #expect(good.output == "600\n", "\(good)")
        let bad = try bundle.run(
            "true",
            before: "rm -r \(bundle.rootfs)/dev; mkdir \(bundle.rootfs)/dev; touch \(bundle.rootfs)/dev/null")
        #expect(bad.code == 125 && bad.error.contains("/dev/null"), "\(bad)")
    }

    @Test func masksAndReadOnlyPathsLock() throws {
        let bundle = try TestBundle()
        try bundle.make(directory: bundle.rootfs + "/secret")
        try bundle.write(bundle.rootfs + "/secret/file", "x")
        try bundle.write(bundle.rootfs + "/etc/key", "x")
        try bundle.make(directory: bundle.rootfs + "/locked/sub")
        bundle.mounts.append(TestBundle.mount("/locked/sub", "tmpfs", "tmpfs"))
        bundle.linux["maskedPaths"] = [
            "/secret", "/proc/acpi", "/etc/key", "/none", "/bin/sh/none", "/locked/sub",
        ]
        bundle.linux["readonlyPaths"] = ["/locked", "/none"]
        let outcome = try bundle.run(
            "ls /secret /locked/sub; cat /etc/key; touch /locked/a; touch /locked/sub/a; touch /secret/a; touch /free"
        )
        #expect(
            outcome.output == "/locked/sub:\n\n/secret:\n" || outcome.output == "/secret:\n\n/locked/sub:\n",
            "\(outcome)")
        let refusals = outcome.error.components(separatedBy: "Read-only file system").count - 1
        #expect(refusals == 3 && outcome.code == 0, "\(outcome)")
    }

    @Test func readOnlyPathsCoverTheMountsBelow() throws {
        let bundle = try TestBundle()
        try bundle.make(directory: bundle.rootfs + "/locked")
        bundle.mounts.append(TestBundle.mount("/locked/sub", "tmpfs", "tmpfs"))
        bundle.linux["readonlyPaths"] = ["/locked"]
        #expect(try bundle.run("touch /locked/sub/a").error.contains("Read-only"))
    }

    @Test func aReadOnlyRootLeavesItsMountsWritable() throws {
        let bundle = try TestBundle()
        bundle.root["readonly"] = true
        bundle.mounts.append(TestBundle.mount("/tmp", "tmpfs", "tmpfs"))
        let outcome = try bundle.run("touch /a; touch /tmp/a && ls /tmp")
        #expect(outcome.output == "a\n" && outcome.error.contains("Read-only"), "\(outcome)")
    }

    @Test func aReadOnlyDevGetsItsDevicesFirst() throws {
        let bundle = try TestBundle()
        bundle.mounts[1]["options"] = ["nosuid", "mode=755", "ro"]
        let outcome = try bundle.run("touch /dev/a; stat -c %t:%T /dev/null")
        #expect(outcome.output == "1:3\n" && outcome.error.contains("Read-only"), "\(outcome)")
    }

    @Test func bindOptionsHoldForTheMountAndRecursiveOnesBelow() throws {
        let bundle = try TestBundle()
        let before = "mkdir -p \(bundle.outside)/sub; mount -t tmpfs t \(bundle.outside)/sub"
        for (place, options) in [
            ("/a", ["rbind", "ro", "nosuid", "noatime"]), ("/b", ["rbind", "rro", "rnodev"]),
        ] {
            bundle.mounts.append(TestBundle.mount(place, "bind", bundle.outside, options))
        }
        let outcome = try bundle.run("cat /proc/self/mountinfo", before: before)
        let found = outcome.mounts
        #expect(found["/a"]?.contains("ro,nosuid,noatime") == true, "\(outcome)")
        #expect(found["/a/sub"]?.contains("rw") == true)
        #expect(found["/b/sub"]?.contains("ro,nodev") == true)
    }

    @Test func aFileIsMountedOnAFileAndALinkIsCopied() throws {
        let bundle = try TestBundle()
        try bundle.write(bundle.outside + "/file", "text")
        try bundle.link(bundle.outside + "/link", to: "file")
        bundle.mounts.append(TestBundle.mount("relative/place", "bind", "outside/file", ["bind", "ro"]))
        bundle.mounts.append(TestBundle.mount("/copied", "bind", "outside/link", ["bind", "copy-symlink"]))
        let outcome = try bundle.run("cat /relative/place; ls -l /copied; touch /relative/place")
        #expect(outcome.output.hasPrefix("text") && outcome.output.contains("/copied -> file"), "\(outcome)")
        #expect(outcome.error.contains("Read-only"), "\(outcome)")
    }

    @Test func aMissingSourceIsNamed() throws {
        let bundle = try TestBundle()
        bundle.mounts.append(TestBundle.mount("/a", "bind", "/none/such", ["bind"]))
        let outcome = try bundle.run("true")
        #expect(
            outcome.error.contains("mounts[4].source") && outcome.error.contains("/none/such"), "\(outcome)")
    }

    @Test func aDirectoryDoesNotFitOnAFile() throws {
        let bundle = try TestBundle()
        bundle.mounts.append(TestBundle.mount("/bin/busybox", "bind", bundle.outside, ["bind"]))
        #expect(try bundle.run("true").error.contains("a directory cannot be mounted on a file"))
    }

    @Test func aTemporaryDirectoryKeepsItsModeAndCopiesUp() throws {
        let bundle = try TestBundle()
        let before = """
            cd \(bundle.rootfs); mkdir -p data/inner; echo text >data/inner/file; ln -s inner data/link
            chown -R 5:6 data; chmod 2750 data/inner; chmod 1711 data; mkdir -m 1730 plain
            setfattr -n user.note -v kept data/inner/file
            """
        bundle.mounts.append(TestBundle.mount("/data", "tmpfs", "tmpfs", ["tmpcopyup", "size=1m"]))
        bundle.mounts.append(TestBundle.mount("/plain", "tmpfs", "tmpfs"))
        let outcome = try bundle.run(
            "stat -c '%n %a %u:%g %F' /data /data/inner /data/inner/file /data/link /plain; cat /data/link/file",
            before: before)
        #expect(
            outcome.output.split(separator: "\n") == [
                "/data 1711 5:6 directory", "/data/inner 2750 5:6 directory",
                "/data/inner/file 644 5:6 regular file",
                "/data/link 777 5:6 symbolic link", "/plain 1730 0:0 directory", "text",
            ], "\(outcome)")
    }

    @Test func aMountOnTheRootBecomesTheRoot() throws {
        let bundle = try TestBundle()
        bundle.mounts.insert(TestBundle.mount("/", "bind", "rootfs", ["rbind", "nosuid"]), at: 0)
        let outcome = try bundle.run("cat /proc/self/mountinfo")
        #expect(outcome.mounts["/"]?.contains("nosuid") == true, "\(outcome)")
    }

    @Test func aRemountChangesWhatIsThere() throws {
        let bundle = try TestBundle()
        bundle.mounts.append(TestBundle.mount("/a", "tmpfs", "tmpfs", ["size=64k"]))
        bundle.mounts.append(
            TestBundle.mount("/a", "tmpfs", "tmpfs", ["remount", "ro", "noexec", "size=128k"]))
        bundle.mounts.append(TestBundle.mount("/b", "bind", "outside", ["bind"]))
        bundle.mounts.append(TestBundle.mount("/b", "bind", "outside", ["remount", "bind", "ro"]))
        let outcome = try bundle.run("cat /proc/self/mountinfo")
        #expect(outcome.mounts["/a"]?.hasPrefix("ro,noexec") == true && outcome.output.contains("size=128k"))
        #expect(outcome.mounts["/b"]?.hasPrefix("ro") == true, "\(outcome)")
    }

    @Test func aLinkAtTheEndCanBeKept() throws {
        let bundle = try TestBundle()
        try bundle.write(bundle.outside + "/file", "text")
        try bundle.link(bundle.outside + "/link", to: "file")
        try bundle.link(bundle.rootfs + "/place", to: "etc/other")
        bundle.mounts.append(
            TestBundle.mount("/place", "bind", bundle.outside + "/file", ["bind", "dest-nofollow"]))
        bundle.mounts.append(
            TestBundle.mount("/kept", "bind", bundle.outside + "/link", ["bind", "src-nofollow"]))
        let outcome = try bundle.run("cat /place; ls /etc; stat -c ' %F' /kept")
        #expect(outcome.output == "text symbolic link\n", "\(outcome)")
    }

    @Test func onlyALinkAtTheEndIsKept() throws {
        let bundle = try TestBundle()
        try bundle.write(bundle.outside + "/file", "text")
        try bundle.link(bundle.rootfs + "/place", to: "etc")
        bundle.mounts.append(
            TestBundle.mount("/place/new", "bind", bundle.outside + "/file", ["bind", "dest-nofollow"]))
        let outcome = try bundle.run("cat /etc/new")
        #expect(outcome.output == "text", "\(outcome)")
    }

    @Test func withoutPivotTheHostIsOutOfSightToo() throws {
        let bundle = try TestBundle()
        let outcome = try bundle.run("ls /; cat /proc/self/mountinfo", ["--no-pivot"])
        #expect(outcome.code == 0 && outcome.output.hasPrefix("bin\n"), "\(outcome)")
        #expect(outcome.mounts["/proc"] != nil)
    }

    @Test func longOptionsReachTheFileSystem() throws {
        let bundle = try TestBundle()
        let names = (0..<60).map { bundle.directory + "/layer-with-a-name-long-enough-\($0)" }
        for name in names { try bundle.make(directory: name) }
        try bundle.write(names[59] + "/deep", "")
        bundle.mounts.append(
            TestBundle.mount("/over", "overlay", "overlay", ["lowerdir=" + names.joined(separator: ":")]))
        #expect(names.joined(separator: ":").utf8.count > 4096)
        let outcome = try bundle.run("ls /over")
        #expect(outcome.output == "deep\n", "\(outcome)")
    }

    @Test func theTerminalIsOnTheConsole() throws {
        let bundle = try TestBundle()
        bundle.terminal = true
        let outcome = try bundle.run("stat -c %F:%t /dev/console; cat /proc/self/mountinfo")
        #expect(outcome.output.hasPrefix("character special file:88"), "\(outcome)")
        #expect(outcome.mounts["/dev/console"] != nil)
    }
}

extension TestBundle.Outcome {
    /// The options of each mount of /proc/self/mountinfo in the output, by target.
    var mounts: [String: String] {
        var found: [String: String] = [:]
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count > 6, words[2].contains(":") { found[String(words[4])] = String(words[5]) }
        }
        return found
    }
}
