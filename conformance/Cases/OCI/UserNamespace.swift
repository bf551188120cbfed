import JSON
import Kernel
import Suite

private let place = "config-linux.md#user-namespace-mappings"

private let uids = property(
    "uidMappings",
    "`uidMappings` (array of objects, OPTIONAL) describes the user namespace uid mappings from the host to the container.",
    place)
private let gids = property(
    "gidMappings",
    "`gidMappings` (array of objects, OPTIONAL) describes the user namespace gid mappings from the host to the container.",
    place)
private let ownership = should(
    "mappings.ownership",
    "The runtime SHOULD NOT modify the ownership of referenced filesystems to realize the mapping.", place)
private let offsets = property(
    "timeOffsets", "`timeOffsets` (object, OPTIONAL) sets the offset for Time Namespace.",
    "config-linux.md#offset-for-time-namespace")
private let cgroupOwner = should(
    "cgroups.ownership.v1",
    "Runtimes SHOULD NOT change the ownership of container cgroups when cgroups v1 is in use.",
    "config-linux.md#cgroup-ownership")
private let cgroupOwnerMount = should(
    "cgroups.ownership.mount",
    "If the configuration does not specify such a mount, the runtime SHOULD NOT change the cgroup ownership.",
    "config-linux.md#cgroup-ownership")

/// config-linux.md, "User namespace mappings" and "Offset for Time Namespace".
let userNamespaceSection = Section(
    "user and time namespaces",
    [
        check("oci.mappings.maps", "the maps are those of the configuration", uids, gids) {
            bench throws(Stop) in
            try bench.mapUsers()
            bench.config.set(
                "linux.uidMappings",
                #"[{"containerID": 0, "hostID": 100000, "size": 1000}, {"containerID": 5000, "hostID": 300000, "size": 10}]"#
            )
            bench.config.set("linux.gidMappings", #"[{"containerID": 0, "hostID": 200000, "size": 2000}]"#)
            let seen = try bench.run("read /proc/self/uid_map", "read /proc/self/gid_map")
            let words = { (text: String) in text.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
            let (users, groups) = (
                words(try seen.text("read /proc/self/uid_map")),
                words(try seen.text("read /proc/self/gid_map"))
            )
            try require(
                users == "0 100000 1000 5000 300000 10", "0 100000 1000 and 5000 300000 10", seen: users)
            try require(groups == "0 200000 2000", "0 200000 2000", seen: groups)
        },
        check("oci.mappings.host", "the container's root is another user on the host", uids) {
            bench throws(Stop) in
            try bench.mapUsers()
            bench.ask(["sleep"])
            try bench.mustCreate()
            try bench.mustStart()
            let pid = try bench.state().pid
            let text = try prepare("a look") { () throws(SystemError) in try readText("/proc/\(pid)/status") }
            let line = text.split(separator: "\n").first { $0.hasPrefix("Uid:") } ?? ""
            try require(line.contains("100000"), "the user 100000 on the host", seen: String(line))
        },
        check("oci.mappings.ids", "user and group of the process are those inside", uids, gids) {
            bench throws(Stop) in
            try bench.mapUsers()
            bench.config.set("process.user", #"{"uid": 12, "gid": 34, "additionalGids": [56]}"#)
            let seen = try bench.run("status Uid", "status Gid", "status Groups")
            try seen.expect("status Uid", "12 12 12 12")
            try seen.expect("status Gid", "34 34 34 34")
            let groups = try seen.text("status Groups")
            try require(groups.contains("56"), "the group 56", seen: groups)
        },
        check("oci.mappings.ownership", "the owners of the files in the root stay", ownership) {
            bench throws(Stop) in
            try bench.mapUsers()
            try bench.run("pid").expect("pid", "1")
            let status = try prepare("a look") { () throws(SystemError) in
                try fileStatus(bench.rootfs + "/probe")
            }
            try require(
                status.uid == 0 && status.gid == 0, "the owner 0:0 of before",
                seen: "\(status.uid):\(status.gid)")
        },
        check("oci.mappings.devices", "the default devices are there in a user namespace", uids) {
            bench throws(Stop) in
            try bench.mapUsers()
            let seen = try bench.run("open /dev/null rw", "open /dev/zero r", "file /dev/null")
            try seen.expect("open /dev/null rw", "true")
            try seen.expect("open /dev/zero r", "true")
        },
        check("oci.mappings.cgroup-owner", "the owner of the cgroups stays", cgroupOwner, cgroupOwnerMount) {
            bench throws(Stop) in
            try bench.mapUsers()
            let state = try bench.mustCreate()
            for path in Hierarchy.all().compactMap({ $0.directory(of: state.pid) })
            where path.contains(bench.id) {
                let status = try prepare("a look") { () throws(SystemError) in try fileStatus(path) }
                try require(status.uid == 0, "the owner 0 of \(path)", seen: "\(status.uid)")
            }
        },
        check(
            "oci.time-offsets.set", "the clocks have the offsets of the configuration", offsets,
            needs: [.namespace("time"), .since("1.1.0"), .feature("linux.namespaces", "time")]
        ) { bench throws(Stop) in
            bench.setNamespace("time")
            bench.config.set(
                "linux.timeOffsets",
                #"{"monotonic": {"secs": 7200, "nanosecs": 5}, "boottime": {"secs": 604800}}"#)
            let seen = try bench.run("read /proc/self/timens_offsets").text("read /proc/self/timens_offsets")
            let words = seen.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
            try require(
                words == "monotonic 7200 5 boottime 604800 0", "monotonic 7200 5 and boottime 604800 0",
                seen: words)
        },
        check(
            "oci.time-offsets.unknown", "an offset of a clock nobody knows is an error", offsets,
            needs: [.namespace("time"), .since("1.1.0"), .feature("linux.namespaces", "time")]
        ) { bench throws(Stop) in
            bench.setNamespace("time")
            bench.config.set("linux.timeOffsets", #"{"nonsense": {"secs": 1}}"#)
            try bench.mustRefuse("there is no clock `nonsense`")
        },
    ])
