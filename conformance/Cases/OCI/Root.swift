import Kernel
import Suite

private let place = "config.md#root"

private let path = property(
    "root.path", "`path` (string, REQUIRED) Specifies the path to the root filesystem for the container.",
    place)
private let relative = property(
    "root.relative",
    "On POSIX platforms, `path` is either an absolute path or a relative path to the bundle.", place)
private let required = must("root.required", "On all other platforms, this field is REQUIRED.", place)
private let exists = must("root.exists", "A directory MUST exist at the path declared by the field.", place)
private let readonly = must(
    "root.readonly",
    "`readonly` (bool, OPTIONAL) If true then the root filesystem MUST be read-only inside the container, defaults to false.",
    place)

/// config.md, "Root".
let rootSection = Section(
    "root",
    [
        check("oci.root.path", "the root is the directory at root.path", path, relative) {
            bench throws(Stop) in
            try prepare("a file") { () throws(SystemError) in try writeNew(bench.rootfs + "/mark", "found") }
            try bench.run("read /mark").expect("read /mark", "found")
        },
        check("oci.root.absolute", "root.path can be absolute, and outside of the bundle", relative) {
            bench throws(Stop) in
            let elsewhere = bench.home + "/elsewhere"
            try prepare("another root") { () throws(SystemError) in
                try renameFile(bench.rootfs, to: elsewhere)
            }
            bench.config.set("root.path", "\"\(elsewhere)\"")
            try bench.run("pid").expect("pid", "1")
        },
        check("oci.root.host", "nothing of the host's root is in sight", path) { bench throws(Stop) in
            let seen = try bench.run("list /", "file \(bench.bundle)", "list /..")
            try seen.expectError("file \(bench.bundle)", .noEntity)
            try seen.expect("list /..", seen.text("list /"))
        },
        check("oci.root.none", "a configuration without a root is an error", required) { bench throws(Stop) in
            bench.config.set("root", "")
            try bench.mustRefuse("there is no root")
        },
        check("oci.root.missing", "a root that is not there is an error", exists) { bench throws(Stop) in
            bench.config.set("root.path", #""nowhere""#)
            try bench.mustRefuse("the root is not there")
        },
        check("oci.root.file", "a root that is a file is an error", exists) { bench throws(Stop) in
            try prepare("a file") { () throws(SystemError) in try writeNew(bench.bundle + "/file", "") }
            bench.config.set("root.path", #""file""#)
            try bench.mustRefuse("the root is a file")
        },
        check("oci.root.readonly", "a read-only root cannot be written", readonly) { bench throws(Stop) in
            bench.config.set("root.readonly", "true")
            try prepare("mount points") { () throws(SystemError) in
                for name in ["proc", "dev"] { try makeDirectory(bench.rootfs + "/" + name, mode: 0o755) }
            }
            let seen = try bench.run("make-file /new", "mounts")
            try seen.expectError("make-file /new", .readOnlyFileSystem)
            try require(
                !fileExists(bench.rootfs + "/new"), "no file on the host",
                seen: "\(bench.rootfs)/new is there")
        },
        check("oci.root.writable", "the root can be written when nothing else is said", readonly) {
            bench throws(Stop) in
            try bench.run("make-file /new").expect("make-file /new", "true")
            try require(
                fileExists(bench.rootfs + "/new"), "the new file in the bundle", seen: "it is not there")
        },
    ])
