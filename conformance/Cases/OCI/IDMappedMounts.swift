import JSON
import Kernel
import Suite

private let uids = should(
    "mounts.uidMappings",
    "`uidMappings` (array of type LinuxIDMapping, OPTIONAL) The mapping to convert UIDs from the source file system to the destination mount point. This SHOULD be implemented using `mount_setattr(MOUNT_ATTR_IDMAP)`, available since Linux 5.12.",
    "config.md#posix-platform-mounts")
private let gids = should(
    "mounts.gidMappings",
    "`gidMappings` (array of type LinuxIDMapping, OPTIONAL) The mapping to convert GIDs from the source file system to the destination mount point. This SHOULD be implemented using `mount_setattr(MOUNT_ATTR_IDMAP)`, available since Linux 5.12.",
    "config.md#posix-platform-mounts")
private let both = must(
    "mounts.mappings.both", "If specified, it MUST be specified along with `gidMappings`.",
    "config.md#posix-platform-mounts")
private let bothWays = must(
    "mounts.mappings.both-ways", "If specified, it MUST be specified along with `uidMappings`.",
    "config.md#posix-platform-mounts")
private let otherwise = must(
    "mounts.idmap.otherwise",
    "If they are not specified, the runtime MAY use the container's user namespace mapping, otherwise an error MUST be returned.",
    "config.md#linux-mount-options")
private let idmap = must(
    "mounts.idmap",
    "Indicates that the mount MUST have an idmapping applied. … If `uidMappings` or `gidMappings` are specified for the mount, the runtime MUST use those values for the mount's mapping.",
    "config.md#linux-mount-options")
private let ridmap = must(
    "mounts.ridmap",
    "Indicates that the mount MUST have an idmapping applied, and the mapping is applied recursively.",
    "config.md#linux-mount-options")
private let nothing = must(
    "mounts.idmap.nothing",
    "If there are no `uidMappings` and `gidMappings` specified and the container isn't using user namespaces, an error MUST be returned.",
    "config.md#linux-mount-options")

private let needs: [Need<Runtime>] = [
    .since("1.2.0"), .enabled("linux.mountExtensions.idmap.enabled"), .idMappedMounts,
]

private let map = #"[{"containerID": 0, "hostID": 1000, "size": 1000}]"#

/// config.md, "POSIX-platform Mounts": id-mapped mounts.
let idMappedMountsSection = Section(
    "id-mapped mounts",
    [
        check(
            "oci.idmap.mapped", "the owners in an id-mapped mount are those of the mapping", uids, gids,
            idmap,
            needs: needs
        ) { bench throws(Stop) in
            try bench.makeOwned()
            bench.config.append("mounts", mount(#""idmap""#))
            let seen = try bench.run("file /data/file").value("file /data/file")
            try require(seen.member("uid") == .integer(1005), "the owner 1005 for 5", seen: seen.text)
            try require(seen.member("gid") == .integer(1005), "the group 1005 for 5", seen: seen.text)
        },
        check("oci.idmap.not-below", "idmap does not map what is mounted below", idmap, needs: needs) {
            bench throws(Stop) in
            try bench.makeOwned()
            bench.config.append("mounts", mount(#""idmap""#))
            let seen = try bench.run("file /data/below/file").value("file /data/below/file")
            try require(seen.member("uid") == .integer(6), "the owner 6 of before", seen: seen.text)
        },
        check("oci.idmap.below", "ridmap maps what is mounted below, too", ridmap, needs: needs) {
            bench throws(Stop) in
            try bench.makeOwned()
            bench.config.append("mounts", mount(#""ridmap""#))
            let seen = try bench.run("file /data/below/file").value("file /data/below/file")
            try require(seen.member("uid") == .integer(1006), "the owner 1006 for 6", seen: seen.text)
        },
        check(
            "oci.idmap.user-namespace", "without mappings the user namespace's are taken, or it is an error",
            otherwise, needs: needs
        ) { bench throws(Stop) in
            try bench.makeOwned()
            try bench.mapUsers()
            bench.config.append(
                "mounts",
                #"{"destination": "/data", "source": "/tmp/conformance/owned", "options": ["rbind", "idmap"]}"#
            )
            guard try bench.create().isSuccess else { return }
            bench.cleanUp()
            let seen = try bench.run("file /data/file").value("file /data/file")
            try require(seen.member("uid") == .integer(5), "the owner 5 inside", seen: seen.text)
        },
        check("oci.idmap.nothing", "idmap with nothing to map by is an error", nothing, needs: needs) {
            bench throws(Stop) in
            try bench.makeOwned()
            bench.config.append(
                "mounts",
                #"{"destination": "/data", "source": "/tmp/conformance/owned", "options": ["rbind", "idmap"]}"#
            )
            try bench.mustRefuse("there is no mapping and no user namespace")
        },
        check(
            "oci.idmap.one",
            "mappings of users without those of groups are an error, and the other way round",
            both, bothWays, needs: needs
        ) { bench throws(Stop) in
            try bench.makeOwned()
            let before = bench.config
            for (name, other) in [("uidMappings", "gidMappings"), ("gidMappings", "uidMappings")] {
                bench.config = before
                bench.config.append(
                    "mounts",
                    #"{"destination": "/data", "source": "/tmp/conformance/owned", "options": ["bind", "idmap"], "\#(name)": \#(map)}"#
                )
                try bench.mustRefuse("\(other) is missing")
            }
        },
    ])

private func mount(_ option: String) -> String {
    #"{"destination": "/data", "source": "/tmp/conformance/owned", "options": ["rbind", \#(option)], "uidMappings": \#(map), "gidMappings": \#(map)}"#
}

extension ContainerBench {
    /// A tree with a file of user 5, and one of user 6 in a mount below.
    fileprivate func makeOwned() throws(Stop) {
        try makeTree("owned")
        try prepare("files") { () throws(SystemError) in
            for (folder, owner) in [("owned", UInt32(5)), ("owned/below", 6)] {
                try writeNew("\(home)/\(folder)/file", "")
                try FileDescriptor.open("\(home)/\(folder)", .directory).changeOwner(
                    of: "file", uid: owner, gid: owner)
            }
        }
    }
}

extension Need<Runtime> {
    /// A kernel whose tmpfs can be id-mapped: Linux 6.3.
    fileprivate static var idMappedMounts: Need {
        Need("id-mapped tmpfs") { _ in
            do throws(SystemError) {
                let version = try readText("/proc/sys/kernel/osrelease").split(separator: ".").compactMap {
                    Int($0)
                }
                guard version.count >= 2, version[0] > 6 || (version[0] == 6 && version[1] >= 3) else {
                    return
                        "tmpfs can be id-mapped since Linux 6.3; this is \(version.map(String.init).joined(separator: "."))"
                }
                return nil
            } catch { return "\(error)" }
        }
    }
}
