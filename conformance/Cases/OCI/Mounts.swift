import Kernel
import Suite

private let place = "config.md#mounts"

private let order = must("mounts.order", "The runtime MUST mount entries in the listed order.", place)
private let parameters = property(
    "mounts.parameters",
    "For Linux, the parameters are as documented in mount(2) system call man page.", place)
private let relativeTarget = must(
    "mounts.relative-destination",
    "For compatibility with old tools and configurations, it MAY be a relative path, in which case it MUST be interpreted as relative to \"/\".",
    place)
private let source = property(
    "mounts.source", "Path values for bind mounts are either absolute or relative to the bundle.", place)
private let isBind = property(
    "mounts.bind", "A mount is a bind mount if it has either `bind` or `rbind` in the options.", place)
private let type = property(
    "mounts.type",
    "Linux: filesystem types supported by the kernel as listed in /proc/filesystems …",
    "config.md#posix-platform-mounts")
private let dummy = property(
    "mounts.dummy-type",
    "For bind mounts (when `options` include either `bind` or `rbind`), the type is a dummy, often \"none\" (not listed in /proc/filesystems).",
    "config.md#posix-platform-mounts")
private let unknownOptions = should(
    "mounts.unknown-options",
    "Runtimes SHOULD treat unknown options as filesystem-specific ones and pass those as a comma-separated string to the fifth (`const void *data`) argument of mount(2).",
    "config.md#linux-mount-options")
private let defaultFilesystems = should(
    "linux.default-filesystems",
    "The following filesystems SHOULD be made available in each container's filesystem: /proc, /sys, /dev/pts, /dev/shm",
    "config-linux.md#default-filesystems")

/// config.md, "Mounts".
let mountsSection = Section(
    "mounts",
    [
        check("oci.mounts.order", "a later mount lies on an earlier one", order) { bench throws(Stop) in
            bench.config.append(
                "mounts", #"{"destination": "/a", "type": "tmpfs", "source": "one", "options": ["size=1m"]}"#)
            bench.config.append("mounts", #"{"destination": "/a/b", "type": "tmpfs", "source": "two"}"#)
            bench.config.append("mounts", #"{"destination": "/a/b", "type": "tmpfs", "source": "three"}"#)
            let mounts = try bench.run("mounts").mounts()
            let seen = mounts.filter { $0.point.hasPrefix("/a") }.map(\.source)
            try require(
                seen == ["one", "two", "three"], "the mounts one, two, three",
                seen: seen.joined(separator: ", "))
        },
        check("oci.mounts.covered", "a mount at a parent hides an earlier one below it", order) {
            bench throws(Stop) in
            bench.config.append("mounts", #"{"destination": "/a/b", "type": "tmpfs", "source": "first"}"#)
            bench.config.append("mounts", #"{"destination": "/a", "type": "tmpfs", "source": "second"}"#)
            try bench.run("list /a").expect("list /a", "[]")
        },
        check("oci.mounts.type", "a file system of the type, with its options", parameters, type) {
            bench throws(Stop) in
            bench.config.append(
                "mounts",
                #"{"destination": "/t", "type": "tmpfs", "source": "name", "options": ["size=64k", "mode=700"]}"#
            )
            let seen = try bench.run("mounts", "file /t")
            let mount = try seen.mount("/t")
            try require(mount.type == "tmpfs" && mount.source == "name", "tmpfs from name", seen: "\(mount)")
            try require(mount.superOptions.contains("size=64k"), "size=64k", seen: mount.superOptions)
            let mode = try seen.value("file /t").member("mode")?.integer
            try require(mode == 0o700, "mode 0700", seen: "\(mode ?? -1)")
        },
        check("oci.mounts.unknown-type", "a type the kernel does not have is an error", parameters) {
            bench throws(Stop) in
            bench.config.append("mounts", #"{"destination": "/t", "type": "nosuchfs", "source": "x"}"#)
            try bench.mustRefuse("there is no file system nosuchfs")
        },
        check("oci.mounts.bind-directory", "a bind mount of a directory", isBind, source, dummy) {
            bench throws(Stop) in
            let shared = try bench.share("shared")
            try prepare("a file") { () throws(SystemError) in try writeNew(shared + "/file", "inside") }
            let seen = try bench.run("read /shared/file", "make-file /shared/new")
            try seen.expect("read /shared/file", "inside")
            try require(
                fileExists(shared + "/new"), "the container's file on the host", seen: "it is not there")
        },
        check("oci.mounts.bind-file", "a bind mount of a file, on one that is made for it", isBind) {
            bench throws(Stop) in
            try prepare("a file") { () throws(SystemError) in try writeNew(bench.home + "/file", "inside") }
            bench.config.append(
                "mounts",
                #"{"destination": "/etc/deep/file", "type": "none", "source": "\#(bench.home)/file", "options": ["rbind"]}"#
            )
            try bench.run("read /etc/deep/file").expect("read /etc/deep/file", "inside")
        },
        check("oci.mounts.relative-source", "a relative source is one in the bundle", source) {
            bench throws(Stop) in
            try prepare("a directory") { () throws(SystemError) in
                try makeDirectory(bench.bundle + "/data", mode: 0o755)
                try writeNew(bench.bundle + "/data/file", "inside")
            }
            bench.config.append("mounts", #"{"destination": "/data", "source": "data", "options": ["bind"]}"#)
            try bench.run("read /data/file").expect("read /data/file", "inside")
        },
        check(
            "oci.mounts.relative-destination", "a relative destination is below /", relativeTarget,
            needs: [.since("1.2.0")]
        ) {
            bench throws(Stop) in
            bench.config.append(
                "mounts", #"{"destination": "rel/ative", "type": "tmpfs", "source": "tmpfs"}"#)
            _ = try bench.run("mounts").mount("/rel/ative")
        },
        check("oci.mounts.rbind", "rbind takes along what is mounted below, bind does not", isBind) {
            bench throws(Stop) in
            try bench.makeTree("tree")
            bench.config.append(
                "mounts", #"{"destination": "/deep", "source": "\#(bench.home)/tree", "options": ["rbind"]}"#)
            bench.config.append(
                "mounts", #"{"destination": "/flat", "source": "\#(bench.home)/tree", "options": ["bind"]}"#)
            let seen = try bench.run("list /deep/below", "list /flat/below")
            try seen.expect("list /deep/below", #"["inside"]"#)
            try seen.expect("list /flat/below", "[]")
        },
        check(
            "oci.mounts.data", "an option the runtime does not know goes to the file system", unknownOptions
        ) { bench throws(Stop) in
            bench.config.append(
                "mounts",
                #"{"destination": "/t", "type": "tmpfs", "source": "t", "options": ["nr_inodes=77"]}"#)
            let mount = try bench.run("mounts").mount("/t")
            try require(mount.superOptions.contains("nr_inodes=77"), "nr_inodes=77", seen: mount.superOptions)
        },
        check("oci.mounts.bad-data", "an option the file system refuses is an error", unknownOptions) {
            bench throws(Stop) in
            bench.config.append(
                "mounts", #"{"destination": "/t", "type": "tmpfs", "source": "t", "options": ["nonsense=1"]}"#
            )
            try bench.mustRefuse("tmpfs has no option nonsense")
        },
        check(
            "oci.mounts.defaults", "proc, sysfs, devpts and tmpfs where a Linux program expects them",
            defaultFilesystems
        ) {
            bench throws(Stop) in
            bench.config.append("linux.namespaces", #"{"type": "network"}"#)
            bench.config.append(
                "mounts",
                #"{"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]}"#
            )
            bench.config.append(
                "mounts",
                #"{"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["mode=1777", "size=65536k"]}"#
            )
            let seen = try bench.run("mounts")
            for (path, type) in [
                ("/proc", "proc"), ("/sys", "sysfs"), ("/dev/pts", "devpts"), ("/dev/shm", "tmpfs"),
            ] {
                let mount = try seen.mount(path)
                try require(mount.type == type, "\(type) at \(path)", seen: mount.type)
            }
        },
        check("oci.mounts.mqueue", "a POSIX message queue file system", type, needs: [.fileSystem("mqueue")])
        { bench throws(Stop) in
            bench.config.append(
                "mounts",
                #"{"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": ["nosuid"]}"#
            )
            let mount = try bench.run("mounts").mount("/dev/mqueue")
            try require(mount.type == "mqueue", "mqueue", seen: mount.type)
        },
        check("oci.mounts.cgroup", "the type `cgroup` shows the container's cgroups", type) {
            bench throws(Stop) in
            bench.config.append(
                "mounts",
                #"{"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro"]}"#
            )
            let seen = try bench.run("list /sys/fs/cgroup", "mounts")
            let list = try seen.value("list /sys/fs/cgroup").strings
            try require(!list.isEmpty, "files of cgroups at /sys/fs/cgroup", seen: "an empty directory")
            for mount in try seen.mounts() where mount.type.hasPrefix("cgroup") {
                let seen = "\(mount.point): \(mount.options.joined(separator: ","))"
                try require(mount.options.contains("ro"), "read-only mounts", seen: seen)
            }
        },
    ])

extension Sighting {
    /// The container's mounts; `mounts` must be among the requests.
    func mounts() throws(Stop) -> [MountLine] {
        try value("mounts").strings.compactMap { MountLine(Substring($0)) }
    }

    /// The uppermost mount at `path`.
    func mount(_ path: String) throws(Stop) -> MountLine {
        let all = try mounts()
        guard let found = all.last(where: { $0.point == path }) else {
            throw .finding(expected: "a mount at \(path)", seen: all.map(\.point).joined(separator: " "))
        }
        return found
    }
}

extension ContainerBench {
    /// Makes a directory with a mount in it: NAME/below is a tmpfs with the directory `inside`.
    func makeTree(_ name: String) throws(Stop) {
        let path = home + "/" + name
        try prepare("a tree of mounts") { () throws(SystemError) in
            try makeDirectories(path + "/below", mode: 0o755)
            try FileSystemContext(type: "tmpfs").mount().moveMount(to: path)
            try makeDirectory(path + "/below", mode: 0o755)
            try FileSystemContext(type: "tmpfs").mount().moveMount(to: path + "/below")
            try makeDirectory(path + "/below/inside", mode: 0o755)
        }
    }
}
