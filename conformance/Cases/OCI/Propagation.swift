import Kernel
import Suite

private let place = "config-linux.md#rootfs-mount-propagation"

private let whole = property(
    "rootfsPropagation.values",
    "`rootfsPropagation` (string, OPTIONAL) sets the rootfs's mount propagation. Its value is either `shared`, `slave`, `private` or `unbindable`.",
    place)
private let shared = property(
    "rootfsPropagation.shared", "`shared`: the rootfs mount belongs to a new peer group.", place)
private let slave = property(
    "rootfsPropagation.slave",
    "`slave`: the rootfs mount receives propagation events from the host (e.g. if something is mounted on the host it will also appear in the container) but not the other way around.",
    place)
private let isPrivate = property(
    "rootfsPropagation.private",
    "`private`: the rootfs mount doesn't receive mount propagation events from the host and further mounts in nested containers will be isolated from the host and from the rootfs (even if the nested container `rootfsPropagation` option is shared).",
    place)
private let unbindable = property(
    "rootfsPropagation.unbindable",
    "`unbindable`: the rootfs mount is a private mount that cannot be bind-mounted.", place)
private let others = must(
    "delete.others",
    "Note that resources associated with the container, but not created by this container, MUST NOT be deleted.",
    "runtime.md#delete")
private let invalid = must(
    "valid-values.error",
    "Runtimes MUST generate an error when invalid or unsupported values are encountered.",
    "config.md#valid-values")

/// config-linux.md, "Rootfs Mount Propagation".
let propagationSection = Section(
    "rootfs propagation",
    [
        check("oci.rootfs-propagation.shared", "shared: the root is shared", whole, shared) {
            bench throws(Stop) in
            try bench.shareHost()
            let seen = try bench.rootPropagation("shared")
            try require(seen.contains { $0.hasPrefix("shared:") }, "a shared /", seen: text(seen))
        },
        check("oci.rootfs-propagation.slave", "slave: the root is not shared", whole, slave) {
            bench throws(Stop) in
            try bench.shareHost()
            let seen = try bench.rootPropagation("slave")
            try require(
                !seen.contains { $0.hasPrefix("shared:") }, "a / that is not shared", seen: text(seen))
        },
        // runc 1.1.5 and crun 1.8.1 make the mount that holds the rootfs private after all, where pivot_root(2) only asks that
        // it is not shared; then nothing is heard any more.
        check(
            "oci.rootfs-propagation.slave-hears", "slave: a mount of the host appears in the container", slave
        ) {
            bench throws(Stop) in
            try bench.shareHost()
            try prepare("a shared root") { () throws(SystemError) in
                try FileDescriptor.cloneTree(bench.rootfs, recursive: false).moveMount(to: bench.rootfs)
                try setPropagation(bench.rootfs, .shared)
                try makeDirectories(bench.rootfs + "/later", mode: 0o755)
            }
            let told = try bench.share("told")
            bench.config.set("linux.rootfsPropagation", #""slave""#)
            bench.ask(["await-file /told/go", "list /later"])
            let state = try bench.mustCreate()
            try bench.mustStart()
            try prepare("a mount of the host") { () throws(SystemError) in
                let tree = try FileSystemContext(type: "tmpfs").mount()
                try tree.moveMount(to: bench.rootfs + "/later")
                try makeDirectory(bench.rootfs + "/later/new", mode: 0o755)
                try writeNew(told + "/go", "")
            }
            try bench.finish(state).expect("list /later", #"["new"]"#)
        },
        check("oci.rootfs-propagation.private", "private: the root has no ties", whole, isPrivate) {
            bench throws(Stop) in
            try bench.shareHost()
            let seen = try bench.rootPropagation("private")
            try require(seen.isEmpty, "a private /", seen: text(seen))
        },
        check(
            "oci.rootfs-propagation.unbindable", "unbindable: the root cannot be bind-mounted", whole,
            unbindable
        ) {
            bench throws(Stop) in
            try bench.shareHost()
            let seen = try bench.rootPropagation("unbindable")
            try require(seen.contains("unbindable"), "an unbindable /", seen: text(seen))
        },
        check("oci.rootfs-propagation.unknown", "another value is an error", whole, invalid) {
            bench throws(Stop) in
            bench.config.set("linux.rootfsPropagation", #""nonsense""#)
            try bench.mustRefuse("there is no propagation `nonsense`")
        },
    ] + ["", "shared", "slave", "private", "unbindable"].map(hostCase))

/// The end of the container's old root must not be the end of the host's mounts, which are shared on most machines.
private func hostCase(_ kind: String) -> Case<ContainerBench> {
    check(
        "oci.rootfs-propagation.host-\(kind.isEmpty ? "unset" : kind)",
        "the host's shared mounts stay when rootfsPropagation is \(kind.isEmpty ? "unset" : kind)", others
    ) { bench throws(Stop) in
        try bench.shareHost()
        if !kind.isEmpty { bench.config.set("linux.rootfsPropagation", "\"\(kind)\"") }
        let before = try prepare("a look") { () throws(SystemError) in try mountTable() }
        try bench.lived()
        let after = try prepare("a look") { () throws(SystemError) in try mountTable() }
        let lost = before.map(\.point).filter { !after.map(\.point).contains($0) }
        try require(lost.isEmpty, "the mounts of before", seen: "gone: " + lost.joined(separator: " "))
        let more = after.map(\.point).filter { !before.map(\.point).contains($0) }
        try require(more.isEmpty, "the mounts of before", seen: "new: " + more.joined(separator: " "))
    }
}

private func text(_ propagation: [String]) -> String {
    propagation.isEmpty ? "private" : propagation.joined(separator: " ")
}

extension ContainerBench {
    /// Makes all mounts of the case shared, as they are on a host with systemd, and has a tree of two more.
    fileprivate func shareHost() throws(Stop) {
        try makeTree("host-tree")
        try prepare("shared mounts") { () throws(SystemError) in
            try setPropagation("/", [.shared, .recursive])
        }
    }

    /// The propagation of the container's root when the configuration asks for `kind`.
    fileprivate func rootPropagation(_ kind: String) throws(Stop) -> [String] {
        config.set("linux.rootfsPropagation", "\"\(kind)\"")
        return try run("mounts").mount("/").propagation
    }
}
