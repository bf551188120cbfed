import Kernel
import Suite

private let place = "config.md#linux-mount-options"

private let required = must(
    "mounts.options.must",
    "Runtimes MUST/SHOULD/MAY implement the following option strings for Linux: async, atime, bind, defaults, dev, diratime, dirsync, exec, iversion, lazytime, loud, noatime, nodev, nodiratime, noexec, noiversion, nolazytime, norelatime, nostrictatime, nosuid, private, rbind, relatime, remount, ro, rprivate, rshared, rslave, runbindable, rw, shared, silent, slave, strictatime, suid, sync, unbindable (MUST)",
    place)
private let recommended = should(
    "mounts.options.should",
    "Runtimes MUST/SHOULD/MAY implement the following option strings for Linux: nosymfollow, ratime, rdev, rdiratime, rexec, rnoatime, rnodiratime, rnoexec, rnorelatime, rnostrictatime, rnosuid, rnosymfollow, rrelatime, rro, rrw, rstrictatime, rsuid, rsymfollow, symfollow (SHOULD)",
    place)
private let permitted = Clause(
    "oci.mounts.options.may", .may,
    "Runtimes MUST/SHOULD/MAY implement the following option strings for Linux: mand, nomand, tmpcopyup (MAY)",
    specificationAddress + place)
/// The table has `rdev` and not its opposite, which the example of features.md has.
private let unlisted = Clause(
    "oci.mounts.options.rnodev", .known, "`rnodev`: recursive `nodev`.",
    specificationAddress + "features.md#mount-options")
private let meaning = must("mounts.options.mount8", "The \"MUST\" options correspond to mount(8).", place)

/// What an option makes of a mount: flags that are there, and flags that are not.
private struct Effect {
    let option: String
    /// What stands before the option in the list.
    var before: [String] = []
    var has: [String] = []
    var lacks: [String] = []
}

private let onNewMounts = [
    Effect(option: "ro", has: ["ro"]), Effect(option: "rw", has: ["rw"]),
    Effect(option: "nosuid", has: ["nosuid"]), Effect(option: "suid", before: ["nosuid"], lacks: ["nosuid"]),
    Effect(option: "nodev", has: ["nodev"]), Effect(option: "dev", before: ["nodev"], lacks: ["nodev"]),
    Effect(option: "noexec", has: ["noexec"]), Effect(option: "exec", before: ["noexec"], lacks: ["noexec"]),
    Effect(option: "noatime", has: ["noatime"]),
    Effect(option: "atime", before: ["noatime"], lacks: ["noatime"]),
    Effect(option: "nodiratime", has: ["nodiratime"]),
    Effect(option: "diratime", before: ["nodiratime"], lacks: ["nodiratime"]),
    Effect(option: "relatime", has: ["relatime"]),
    Effect(option: "strictatime", lacks: ["relatime", "noatime"]),
    Effect(option: "norelatime"), Effect(option: "nostrictatime", lacks: ["noatime"]),
    Effect(option: "sync", has: ["sync"]), Effect(option: "async", before: ["sync"], lacks: ["sync"]),
    Effect(option: "dirsync", has: ["dirsync"]), Effect(option: "lazytime", has: ["lazytime"]),
    Effect(option: "nolazytime", before: ["lazytime"], lacks: ["lazytime"]),
    Effect(option: "iversion"), Effect(option: "noiversion"), Effect(option: "silent"),
    Effect(option: "loud"),
    Effect(option: "defaults", has: ["rw"], lacks: ["nosuid", "nodev", "noexec"]),
]

private let onTrees = [
    Effect(option: "rro", has: ["ro"]), Effect(option: "rrw", before: ["ro"], has: ["rw"]),
    Effect(option: "rnosuid", has: ["nosuid"]),
    Effect(option: "rsuid", before: ["nosuid"], lacks: ["nosuid"]),
    Effect(option: "rnodev", has: ["nodev"]), Effect(option: "rdev", before: ["nodev"], lacks: ["nodev"]),
    Effect(option: "rnoexec", has: ["noexec"]),
    Effect(option: "rexec", before: ["noexec"], lacks: ["noexec"]),
    Effect(option: "rnodiratime", has: ["nodiratime"]),
    Effect(option: "rdiratime", before: ["nodiratime"], lacks: ["nodiratime"]),
    Effect(option: "rrelatime", has: ["relatime"]), Effect(option: "rnorelatime"),
    Effect(option: "rnoatime", has: ["noatime"]), Effect(option: "ratime", lacks: ["noatime"]),
    Effect(option: "rstrictatime", lacks: ["relatime", "noatime"]), Effect(option: "rnostrictatime"),
    Effect(option: "rnosymfollow", has: ["nosymfollow"]),
    Effect(option: "rsymfollow", before: ["nosymfollow"], lacks: ["nosymfollow"]),
]

/// config.md, "Linux mount options".
let mountOptionsSection = Section(
    "mount options",
    onNewMounts.map { newMountCase($0, required, meaning) }
        + [
            newMountCase(Effect(option: "nosymfollow", has: ["nosymfollow"]), recommended),
            newMountCase(
                Effect(option: "symfollow", before: ["nosymfollow"], lacks: ["nosymfollow"]), recommended),
            newMountCase(Effect(option: "nomand"), permitted),
        ] + onTrees.map(treeCase)
        + ["private", "shared", "slave", "unbindable"].flatMap {
            [propagationCase($0, deep: false), propagationCase($0, deep: true)]
        }
        + [bindReadOnly, remount, copyUp])

private func newMountCase(_ effect: Effect, _ clauses: Clause...) -> Case<ContainerBench> {
    check(
        "oci.mount-option.\(effect.option)", "the option \(effect.option) does what mount(8) says",
        clauses: clauses,
        needs: [.feature("mountOptions", effect.option)]
    ) { bench throws(Stop) in
        let options = (effect.before + [effect.option]).map { "\"\($0)\"" }.joined(separator: ", ")
        bench.config.append(
            "mounts", #"{"destination": "/t", "type": "tmpfs", "source": "t", "options": [\#(options)]}"#)
        try expect(effect, try bench.run("mounts").mount("/t"))
    }
}

private func treeCase(_ effect: Effect) -> Case<ContainerBench> {
    check(
        "oci.mount-option.\(effect.option)", "the option \(effect.option) holds for the mounts below, too",
        effect.option == "rnodev" ? unlisted : recommended,
        needs: [.since("1.1.0"), .feature("mountOptions", effect.option)]
    ) { bench throws(Stop) in
        try bench.makeTree("tree")
        // What the option takes away is on the source: options that contradict each other have no order.
        try prepare("a tree with flags") { () throws(SystemError) in
            let top = try FileDescriptor.open(bench.home + "/tree", [.reference, .directory])
            for flag in effect.before { try top.setMount(attributes[flag] ?? [], recursive: true) }
        }
        bench.config.append(
            "mounts",
            #"{"destination": "/t", "source": "\#(bench.home)/tree", "options": ["rbind", "\#(effect.option)"]}"#
        )
        let seen = try bench.run("mounts")
        try expect(effect, try seen.mount("/t"))
        try expect(effect, try seen.mount("/t/below"))
    }
}

private let attributes: [String: MountAttributes] = [
    "ro": .readOnly, "nosuid": .noSetUID, "nodev": .noDevices, "noexec": .noExecute,
    "nodiratime": .noDirectoryAccessTime, "nosymfollow": .noSymbolicLinks,
]

private func expect(_ effect: Effect, _ mount: MountLine) throws(Stop) {
    // Some of the flags are the file system's, not the mount's.
    let flags = mount.options + mount.superOptions.split(separator: ",").map(String.init)
    let seen = "\(mount.options.joined(separator: ",")) and \(mount.superOptions) at \(mount.point)"
    for flag in effect.has { try require(flags.contains(flag), "the flag \(flag)", seen: seen) }
    for flag in effect.lacks {
        try require(
            !mount.options.contains(flag) && !(flag == "lazytime" && flags.contains(flag)), "no flag \(flag)",
            seen: seen)
    }
}

private func propagationCase(_ kind: String, deep: Bool) -> Case<ContainerBench> {
    let option = (deep ? "r" : "") + kind
    return check(
        "oci.mount-option.\(option)", "the option \(option) sets the propagation", required,
        needs: [.feature("mountOptions", option)]
    ) { bench throws(Stop) in
        try bench.makeTree("tree")
        // Where the root has no ties to the host, a mount in it cannot have any.
        bench.config.set("linux.rootfsPropagation", kind == "shared" ? #""shared""# : #""slave""#)
        try prepare("a shared tree") { () throws(SystemError) in
            try setPropagation(bench.home + "/tree", [.shared, .recursive])
        }
        bench.config.append(
            "mounts",
            #"{"destination": "/t", "source": "\#(bench.home)/tree", "options": ["rbind", "\#(option)"]}"#)
        let seen = try bench.run("mounts")
        try expect(kind, try seen.mount("/t"))
        if deep { try expect(kind, try seen.mount("/t/below")) }
    }
}

private func expect(_ kind: String, _ mount: MountLine) throws(Stop) {
    let words = mount.propagation
    let isRight: Bool =
        switch kind {
        case "shared": words.contains { $0.hasPrefix("shared:") }
        case "slave":
            words.contains { $0.hasPrefix("master:") } && !words.contains { $0.hasPrefix("shared:") }
        case "unbindable": words.contains("unbindable")
        default: words.isEmpty
        }
    try require(
        isRight, "a \(kind) mount at \(mount.point)",
        seen: words.isEmpty ? "private" : words.joined(separator: " "))
}

private let bindReadOnly = check(
    "oci.mount-option.bind-ro", "a bind mount with ro cannot be written", required
) {
    bench throws(Stop) in
    let path = bench.home + "/data"
    try prepare("a directory") { () throws(SystemError) in try makeDirectory(path, mode: 0o755) }
    bench.config.append(
        "mounts", #"{"destination": "/data", "source": "\#(path)", "options": ["bind", "ro"]}"#)
    try bench.run("make-file /data/new").expectError("make-file /data/new", .readOnlyFileSystem)
}

private let remount = check(
    "oci.mount-option.remount", "the option remount changes a mount that is there", required,
    needs: [.feature("mountOptions", "remount")]
) {
    bench throws(Stop) in
    bench.config.append("mounts", #"{"destination": "/t", "type": "tmpfs", "source": "t"}"#)
    bench.config.append(
        "mounts", #"{"destination": "/t", "type": "tmpfs", "source": "t", "options": ["remount", "ro"]}"#)
    try bench.run("make-file /t/new").expectError("make-file /t/new", .readOnlyFileSystem)
}

private let copyUp = check(
    "oci.mount-option.tmpcopyup", "the option tmpcopyup brings what was there into the tmpfs", permitted,
    needs: [.feature("mountOptions", "tmpcopyup")]
) {
    bench throws(Stop) in
    try prepare("files") { () throws(SystemError) in
        try makeDirectory(bench.rootfs + "/var", mode: 0o755)
        try writeNew(bench.rootfs + "/var/file", "copied")
    }
    bench.config.append(
        "mounts", #"{"destination": "/var", "type": "tmpfs", "source": "t", "options": ["tmpcopyup"]}"#)
    let seen = try bench.run("read /var/file", "mounts")
    try seen.expect("read /var/file", "copied")
    _ = try seen.mount("/var")
}
