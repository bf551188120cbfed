import Kernel
import Suite

private let place = "config-linux.md#cgroup-ownership"

private let mounted = should(
    "cgroups.ownership.mounted",
    "Runtimes SHOULD change the cgroup ownership if and only if the cgroup filesystem is to be mounted read/write; …",
    place)
private let namespace = should(
    "cgroups.ownership.namespace",
    "A runtime SHOULD NOT change the ownership of a container cgroup unless it will also create a new cgroup namespace for the container.",
    place)
private let listed = should(
    "cgroups.ownership.listed",
    "A runtime that changes the cgroup ownership SHOULD only change the ownership of the container's cgroup directory and files within that directory that are listed in `/sys/kernel/cgroup/delegate`.",
    place)
private let absent = must(
    "cgroups.delegate",
    "Note that not all files listed in `/sys/kernel/cgroup/delegate` necessarily exist in every cgroup. Runtimes MUST NOT fail in this scenario, and SHOULD change the ownership of the listed files that do exist in the cgroup.",
    place)
private let others = should(
    "cgroups.ownership.others", "The runtime SHOULD NOT change the ownership of any other files.", place)

private let needs: [Need<Runtime>] = [.unified, .since("1.1.0"), .kernelFile("/sys/kernel/cgroup/delegate")]

/// config-linux.md, "Cgroup ownership": only where the new version of cgroups is the machine's.
let cgroupOwnershipSection = Section(
    "cgroup ownership",
    [
        check(
            "oci.cgroup-owner.given",
            "with a writable cgroup mount the container's user owns the cgroup and what is to be delegated",
            mounted, listed, absent, others, needs: needs
        ) { bench throws(Stop) in
            let given = try prepare("a list") { () throws(SystemError) in
                Set(try readText("/sys/kernel/cgroup/delegate").split(separator: "\n").map(String.init))
            }
            let folder = try bench.ownedCgroup(#"["rw"]"#)
            try bench.expectOwner(100_000, folder)
            let names = try prepare("a list") { () throws(SystemError) in try listDirectory(folder).sorted() }
            for name in names where name.contains(".") {
                try bench.expectOwner(given.contains(name) ? 100_000 : 0, folder + "/" + name)
            }
        },
        check(
            "oci.cgroup-owner.read-only", "with a read-only cgroup mount the owner of the cgroup stays",
            mounted, needs: needs
        ) { bench throws(Stop) in
            try bench.expectOwner(0, bench.ownedCgroup(#"["ro"]"#))
        },
        check(
            "oci.cgroup-owner.shared", "without a cgroup namespace of its own the owner of the cgroup stays",
            namespace, needs: needs
        ) { bench throws(Stop) in
            try bench.expectOwner(0, bench.ownedCgroup(#"["rw"]"#, isAlone: false))
        },
    ])

extension ContainerBench {
    /// Creates a container of the users from 100000 on with a cgroup mount; answers its cgroup's directory.
    fileprivate func ownedCgroup(_ options: String, isAlone: Bool = true) throws(Stop) -> String {
        try mapUsers()
        try prepare("a mount point") { () throws(SystemError) in
            try makeDirectories(rootfs + "/sys/fs/cgroup", mode: 0o755)
        }
        setNamespace("cgroup", present: isAlone)
        config.append(
            "mounts",
            #"{"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": \#(options)}"#
        )
        let state = try mustCreate()
        guard let folder = Hierarchy.all().first(where: \.isUnified)?.directory(of: state.pid) else {
            throw .finding(expected: "a cgroup", seen: "none")
        }
        return folder
    }

    fileprivate func expectOwner(_ uid: UInt32, _ path: String) throws(Stop) {
        let status = try prepare("a look") { () throws(SystemError) in try fileStatus(path) }
        try require(status.uid == uid, "the owner \(uid) of \(path)", seen: "\(status.uid)")
    }
}
