import JSON
import Kernel
import Suite

private let place = "config.md#posix-platform-user"

private let uid = property(
    "user.uid", "`uid` (int, REQUIRED) specifies the user ID in the container namespace.", place)
private let gid = property(
    "user.gid", "`gid` (int, REQUIRED) specifies the group ID in the container namespace.", place)
private let umask = property(
    "user.umask",
    "`umask` (int, OPTIONAL) specifies the umask of the user.", place)
private let umaskUnset = should(
    "user.umask.unset", "If unspecified, the umask should not be changed from the calling process' umask.",
    place)
private let groups = property(
    "user.additionalGids",
    "`additionalGids` (array of ints, OPTIONAL) specifies additional group IDs in the container namespace to be added to the process.",
    place)

/// config.md, "User".
let userSection = Section(
    "user",
    [
        check("oci.user.uid", "user and group are those of process.user, in all four ways", uid, gid) {
            bench throws(Stop) in
            bench.config.set("process.user", #"{"uid": 1234, "gid": 5678}"#)
            let seen = try bench.run("status Uid", "status Gid")
            try seen.expect("status Uid", "1234 1234 1234 1234")
            try seen.expect("status Gid", "5678 5678 5678 5678")
        },
        check("oci.user.root", "user 0 is user 0", uid) { bench throws(Stop) in
            try bench.run("status Uid").expect("status Uid", "0 0 0 0")
        },
        check("oci.user.groups", "additional groups are those of process.user", groups) {
            bench throws(Stop) in
            bench.config.set("process.user", #"{"uid": 7, "gid": 8, "additionalGids": [21, 22, 8]}"#)
            let seen = Set(try bench.run("status Groups").text("status Groups").split(separator: " "))
            try require(
                seen.isSuperset(of: ["21", "22"]) && seen.isSubset(of: ["21", "22", "8"]),
                "the groups 8, 21 and 22", seen: seen.sorted().joined(separator: " "))
        },
        check("oci.user.no-groups", "no group of the runtime's caller is left", groups) {
            bench throws(Stop) in
            try prepare("groups") { () throws(SystemError) in try setSupplementaryGroups([4242]) }
            bench.config.set("process.user", #"{"uid": 7, "gid": 8}"#)
            let seen = Set(try bench.run("status Groups").text("status Groups").split(separator: " "))
            try require(
                seen.isSubset(of: ["8"]), "no additional group", seen: seen.sorted().joined(separator: " "))
        },
        check("oci.user.umask", "the umask is that of process.user", umask, needs: [.since("1.0.2")]) {
            bench throws(Stop) in
            bench.config.set("process.user", #"{"uid": 0, "gid": 0, "umask": 63}"#)
            let seen = try bench.run("status Umask", "make-directory /made", "file /made")
            try seen.expect("status Umask", "0077")
            let mode = try seen.value("file /made").member("mode")?.integer
            try require(mode == 0o700, "a new directory with mode 0700", seen: String(mode ?? -1, radix: 8))
        },
        check("oci.user.umask-zero", "the umask can be 0", umask, needs: [.since("1.0.2")]) {
            bench throws(Stop) in
            bench.config.set("process.user", #"{"uid": 0, "gid": 0, "umask": 0}"#)
            try bench.run("status Umask").expect("status Umask", "0000")
        },
        // runc always sets 0022, whatever its caller has, and those who took its place have to: a caller may have 0.
        check(
            "oci.user.umask-unset", "without one the umask is that of the runtime's caller", umaskUnset,
            needs: [.since("1.0.2")]
        ) {
            bench throws(Stop) in
            changeUmask(0o027)
            bench.ask(["status Umask"])
            let state = try bench.mustCreate()
            changeUmask(0o022)
            try bench.mustStart()
            try bench.finish(state).expect("status Umask", "0027")
        },
        check("oci.user.files", "a user sees files with the rights he has", uid) { bench throws(Stop) in
            try prepare("a secret") { () throws(SystemError) in
                try writeNew(bench.rootfs + "/secret", "secret", mode: 0o600)
            }
            bench.config.set("process.user", #"{"uid": 1234, "gid": 1234}"#)
            bench.config.set("process.capabilities", "{}")
            try bench.run("read /secret").expectError("read /secret", .accessDenied)
        },
    ])
