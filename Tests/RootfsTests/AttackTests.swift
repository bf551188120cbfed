import CKernel
import Foundation
import Testing

/// What a hostile image, or a container which shares a volume, has tried on runtimes. docs/security.md.
@Suite(.enabled(if: TestBundle.isPossible)) struct AttackTests {
    /// CVE-2019-19921, CVE-2023-27561, CVE-2025-54867.
    @Test(arguments: [("/proc", "proc"), ("/sys", "sysfs")])
    func procAndSysAreNotMountedThroughALink(_ path: String, _ type: String) throws {
        let bundle = try TestBundle()
        try bundle.make(directory: bundle.rootfs + "/elsewhere")
        try bundle.link(bundle.rootfs + path, to: "elsewhere")
        bundle.mounts = [TestBundle.mount(path, type, type)]
        let outcome = try bundle.run("true")
        #expect(outcome.code == 125 && outcome.error.contains("real directory"), "\(outcome)")
        #expect(outcome.error.contains("mounts[0]"), "\(outcome)")
    }

    @Test func aLinkAboveProcIsRefusedToo() throws {
        let bundle = try TestBundle()
        try bundle.make(directory: bundle.rootfs + "/elsewhere/proc")
        try bundle.link(bundle.rootfs + "/a", to: "elsewhere")
        bundle.mounts = [TestBundle.mount("/a/proc", "proc", "proc")]
        #expect(try bundle.run("true").error.contains("real directory"))
    }

    /// CVE-2019-18837, CVE-2021-30465: a link to a path of the host stays inside.
    @Test(arguments: ["/data", "/data/deeper/down"])
    func aTargetThatIsALinkLeadsNowhereOutside(_ path: String) throws {
        let bundle = try TestBundle()
        try bundle.link(bundle.rootfs + "/data", to: bundle.outside)
        bundle.mounts.append(TestBundle.mount(path, "tmpfs", "tmpfs"))
        let outcome = try bundle.run("cat /proc/self/mountinfo")
        #expect(outcome.code == 0, "\(outcome)")
        #expect(outcome.output.contains(" \(bundle.outside)\(path.dropFirst(5)) rw"), "\(outcome)")
        #expect(bundle.whatIsOutside == [])
    }

    /// CVE-2024-45310: neither a directory nor a file is made outside.
    @Test func whatIsMissingIsMadeInside() throws {
        let bundle = try TestBundle()
        try bundle.link(bundle.rootfs + "/up", to: "../../../../../..\(bundle.outside)")
        try bundle.link(bundle.rootfs + "/file", to: bundle.outside + "/file")
        try bundle.write(bundle.directory + "/source", "from the host")
        bundle.mounts.append(TestBundle.mount("/up/directory", "tmpfs", "tmpfs"))
        bundle.mounts.append(TestBundle.mount("/file", "", bundle.directory + "/source", ["bind"]))
        let outcome = try bundle.run("cat /file; cat \(bundle.outside)/file")
        #expect(outcome.output == "from the hostfrom the host", "\(outcome)")
        #expect(bundle.whatIsOutside == [])
    }

    /// CVE-2026-41579, CVE-2026-47766.
    @Test func devicesAreNotMadeThroughALink() throws {
        let bundle = try TestBundle()
        try bundle.link(bundle.rootfs + "/dev", to: bundle.outside)
        bundle.mounts = [TestBundle.mount("/proc", "proc", "proc")]
        let outcome = try bundle.run("true")
        #expect(outcome.code == 125 && outcome.error.contains("/dev of the container"), "\(outcome)")
        #expect(bundle.whatIsOutside == [])
    }

    /// CVE-2025-31133: a mask made from the container's own idea of the null device.
    @Test func aMaskIsTheNullDeviceOrNothing() throws {
        let bundle = try TestBundle()
        bundle.linux["maskedPaths"] = ["/proc/keys"]
        let outcome = try bundle.run(
            "cat /proc/keys", ["--finish", "rm /dev/null; ln -s /proc/sys/kernel/core_pattern /dev/null"])
        #expect(outcome.code == 125 && outcome.error.contains("not the null device"), "\(outcome)")
    }

    @Test func aMaskIsNoPlainFile() throws {
        let bundle = try TestBundle()
        bundle.linux["maskedPaths"] = ["/proc/keys"]
        let outcome = try bundle.run("true", ["--finish", "rm /dev/null; touch /dev/null"])
        #expect(outcome.code == 125 && outcome.error.contains("not the null device"), "\(outcome)")
    }

    /// CVE-2025-52565: what is at /dev/console is not followed.
    @Test func theConsoleIsNotMountedThroughALink() throws {
        let bundle = try TestBundle()
        bundle.terminal = true
        let outcome = try bundle.run(
            "true", ["--pivot", "ln -s /proc/sys/kernel/core_pattern \(bundle.rootfs)/dev/console"])
        #expect(outcome.code == 125 && outcome.error.contains("/dev/console"), "\(outcome)")
    }

    /// CVE-2025-52565: neither is what has the name of the terminal: the peer comes from the multiplexer itself.
    @Test func theTerminalIsNotOpenedByItsName() throws {
        let bundle = try TestBundle()
        bundle.terminal = true
        bundle.mounts[2] = TestBundle.mount("/dev/pts", "tmpfs", "tmpfs")
        // A multiplexer makes its terminals in the devpts beside it, so /dev/pts/0 is free for a trap.
        bundle.mounts.append(TestBundle.mount("/dev/pts/pts", "devpts", "devpts", ["newinstance"]))
        let trap = """
            cd \(bundle.rootfs)/dev/pts; mknod ptmx c 5 2
            for name in 0 1 2 3; do ln -s /proc/sys/kernel/core_pattern $name; done
            """
        let outcome = try bundle.run("stat -c %t:%T /dev/console", ["--pivot", trap])
        #expect(outcome.output == "88:0\n", "\(outcome)")
    }

    @Test func theMultiplexerIsNoOtherFile() throws {
        let bundle = try TestBundle()
        bundle.terminal = true
        bundle.mounts[2] = TestBundle.mount("/dev/pts", "tmpfs", "tmpfs")
        let outcome = try bundle.run("true", ["--pivot", "mknod \(bundle.rootfs)/dev/pts/ptmx c 1 5"])
        #expect(outcome.code == 125 && outcome.error.contains("/dev/pts/ptmx: No such device"), "\(outcome)")
    }

    /// A bundle whose image brings a /proc of its own, with files of the right names in it; a real one is at /second.
    private func withFakeProc() throws -> (bundle: TestBundle, fakes: [String]) {
        let bundle = try TestBundle()
        let fakes = ["1", "self", "thread-self"].flatMap {
            ["\($0)/attr/exec", "\($0)/attr/apparmor/exec", "\($0)/oom_score_adj"]
        }.map { bundle.outside + "/" + $0 }
        for fake in fakes {
            try bundle.make(directory: URL(filePath: fake).deletingLastPathComponent().path)
            try bundle.write(fake, "")
        }
        bundle.mounts.append(TestBundle.mount("/proc", "bind", bundle.outside, ["rbind", "rw"]))
        bundle.mounts.append(TestBundle.mount("/second", "proc", "proc"))
        return (bundle, fakes)
    }

    /// CVE-2019-16884: a label goes to the kernel, whatever is mounted over /proc. Here it answers that it knows no
    /// such label; Tests/Clients/labels.sh does it with AppArmor.
    @Test func aLabelReachesTheKernelAndNotAFileOfTheImage() throws {
        let (bundle, fakes) = try withFakeProc()
        let outcome = try bundle.run("true", ["--write", "attr/exec=no such label"])
        #expect(outcome.code == 125 && outcome.error.contains("write: Invalid argument"), "\(outcome)")
        for fake in fakes { #expect(try String(contentsOfFile: fake, encoding: .utf8) == "") }
    }

    @Test func whatIsWrittenForAProcessIsItsOwn() throws {
        let (bundle, fakes) = try withFakeProc()
        let outcome = try bundle.run("cat /second/1/oom_score_adj", ["--write", "oom_score_adj=777"])
        #expect(outcome.output == "777\n", "\(outcome)")
        for fake in fakes { #expect(try String(contentsOfFile: fake, encoding: .utf8) == "") }
    }

    /// CVE-2025-52881: a mount over /proc/sys cannot take a sysctl away.
    @Test func aSysctlReachesTheKernelAndNotAMountInFront() throws {
        let bundle = try TestBundle()
        bundle.mounts.append(TestBundle.mount("/proc/sys/net", "tmpfs", "tmpfs"))
        bundle.mounts.append(TestBundle.mount("/second", "proc", "proc"))
        bundle.linux["sysctl"] = ["net.ipv4.ip_forward": "1"]
        let outcome = try bundle.run("cat /second/sys/net/ipv4/ip_forward; ls /proc/sys/net")
        #expect(outcome.output == "1\n", "\(outcome)")
    }

    /// CVE-2023-25809: the host's cgroups below a read-only /sys are read-only.
    @Test func cgroupsBelowABoundSysAreReadOnly() throws {
        let bundle = try TestBundle()
        bundle.mounts[3] = TestBundle.mount(
            "/sys", "bind", "/sys", ["rbind", "ro", "nosuid", "nodev", "noexec"])
        let outcome = try bundle.run("cat /proc/self/mountinfo")
        let below = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
            .filter { $0[4].hasPrefix("/sys/fs/cgroup") }
        #expect(below.count > 1, "\(outcome)")
        for line in below { #expect(line[5].hasPrefix("ro,"), "\(line)") }
    }

    /// CVE-2024-45310: a target changes between a directory and a link to the host all the time.
    @Test func nothingIsMadeWhereASwappedTargetLeads() throws {
        let bundle = try TestBundle()
        let racer = try swap(bundle)
        defer { racer.cancel() }
        for _ in 0..<20 { _ = try bundle.run("true") }
        #expect(bundle.whatIsOutside == [])
    }

    /// CVE-2021-30465: the same, and what the mounts need is there on the host, too.
    @Test func nothingIsMountedWhereASwappedTargetLeads() throws {
        let bundle = try TestBundle()
        for number in 0..<12 { try bundle.make(directory: bundle.outside + "/inner\(number)/deeper") }
        let racer = try swap(bundle)
        defer { racer.cancel() }
        var mounted = 0
        for _ in 0..<20 {
            // The host's tree is still there then, and the container's mounts are visible in it.
            let look = "if grep -q ' \(bundle.outside)' /proc/self/mountinfo; then exit 7; fi"
            let outcome = try bundle.run("true", ["--devices", look])
            #expect(!outcome.error.contains("--devices"), "\(outcome)")
            if outcome.code == 0 { mounted += 1 }
        }
        #expect(mounted > 0, "no mount was ever made")
    }

    /// openat2(2) answers EAGAIN for a `..` while anything is renamed or mounted on the machine: /var/run -> ../run is
    /// in most images, and a create beside others failed now and then.
    @Test func aRenameElsewhereIsNoFailure() throws {
        let bundle = try TestBundle()
        try bundle.link(bundle.rootfs + "/up", to: "bin/../bin/../bin/../bin/../etc")
        for number in 0..<12 { bundle.mounts.append(TestBundle.mount("/up/\(number)", "tmpfs", "tmpfs")) }
        for name in ["one", "other"] { try bundle.make(directory: bundle.outside + "/" + name) }
        let racer = exchange(bundle.outside + "/one", bundle.outside + "/other")
        defer { racer.cancel() }
        for _ in 0..<20 {
            let outcome = try bundle.run("true")
            #expect(outcome.code == 0, "\(outcome)")
        }
    }

    /// Mounts below /swap, which a thread exchanges with a link to the host until it is cancelled.
    private func swap(_ bundle: TestBundle) throws -> Thread {
        try bundle.make(directory: bundle.rootfs + "/swap")
        try bundle.link(bundle.rootfs + "/trap", to: bundle.outside)
        for number in 0..<12 {
            bundle.mounts.append(TestBundle.mount("/swap/inner\(number)/deeper", "tmpfs", "tmpfs"))
        }
        return exchange(bundle.rootfs + "/swap", bundle.rootfs + "/trap")
    }

    /// Exchanges two files all the time.
    private func exchange(_ one: String, _ other: String) -> Thread {
        let racer = Thread {
            let (here, exchange): (Int32, UInt32) = (-100, 2)
            while !Thread.current.isCancelled { _ = ck_renameat2(here, one, here, other, exchange) }
        }
        racer.start()
        return racer
    }
}
