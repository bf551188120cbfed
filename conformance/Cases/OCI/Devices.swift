import JSON
import Kernel
import Suite

private let place = "config-linux.md#devices"

private let listed = must(
    "devices.available",
    "`devices` (array of objects, OPTIONAL) lists devices that MUST be available in the container.", place)
private let mismatch = must(
    "devices.mismatch",
    "If a file already exists at `path` that does not match the requested device, the runtime MUST generate an error.",
    place)
private let anywhere = Clause(
    "oci.devices.anywhere", .may,
    "The path MAY be anywhere in the container filesystem, notably outside of `/dev`.",
    specificationAddress + place)
private let mode = property(
    "devices.fileMode", "`fileMode` (uint32, OPTIONAL) - file mode for the device.", place)
private let owner = property(
    "devices.owner",
    "`uid` (uint32, OPTIONAL) - id of device owner in the container namespace. `gid` (uint32, OPTIONAL) - id of device group in the container namespace.",
    place)
private let kinds = property(
    "devices.type", "`type` (string, REQUIRED) - type of device: `c`, `b`, `u` or `p`.", place)
private let invalid = must(
    "valid-values.error",
    "Runtimes MUST generate an error when invalid or unsupported values are encountered.",
    "config.md#valid-values")
private let ptmx = must(
    "devices.ptmx",
    "In addition to any devices configured with this setting, the runtime MUST also supply: `/dev/ptmx`. A bind-mount or symlink of the container's `/dev/pts/ptmx`.",
    "config-linux.md#default-devices")

private func supplied(_ name: String) -> Clause {
    must(
        "devices.\(name)",
        "In addition to any devices configured with this setting, the runtime MUST also supply: `/dev/\(name)`",
        "config-linux.md#default-devices")
}

/// config-linux.md, "Devices" and "Default Devices".
let devicesSection = Section(
    "devices",
    [("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)].map { defaultCase($0.0, 1, $0.1) }
        + [defaultCase("tty", 5, 0)] + [
            check(
                "oci.devices.work", "the default devices do what they are for",
                clauses: ["null", "zero", "full", "urandom"].map(supplied)
            ) { bench throws(Stop) in
                let seen = try bench.run(
                    "take /dev/zero 16", "take /dev/urandom 16", "take /dev/null 16", "write /dev/full x",
                    "write /dev/null x")
                try seen.expect("take /dev/zero 16", "16")
                try seen.expect("take /dev/urandom 16", "16")
                try seen.expect("take /dev/null 16", "0")
                try seen.expectError("write /dev/full x", .noSpace)
                try seen.expect("write /dev/null x", "true")
            },
            check(
                "oci.devices.user", "everybody may use them",
                clauses: ["null", "zero", "full", "random", "urandom", "tty"].map(supplied)
            ) { bench throws(Stop) in
                bench.config.set("process.user", #"{"uid": 1000, "gid": 1000}"#)
                let requests = ["null", "zero", "full", "random", "urandom"].map { "open /dev/\($0) rw" }
                let seen = try bench.run(requests)
                for request in requests { try seen.expect(request, "true") }
            },
            check("oci.devices.ptmx", "/dev/ptmx is the container's /dev/pts/ptmx", ptmx) {
                bench throws(Stop) in
                let seen = try bench.run("file /dev/ptmx", "file /dev/pts/ptmx", "open /dev/ptmx rw")
                try seen.expect("open /dev/ptmx rw", "true")
                let (one, other) = (try seen.value("file /dev/ptmx"), try seen.value("file /dev/pts/ptmx"))
                try require(
                    one.member("inode") == other.member("inode"), "the same file",
                    seen: "\(one.text) and \(other.text)")
            },
            check(
                "oci.devices.character", "a character device of the list, with mode and owner", listed, kinds,
                mode, owner
            ) { bench throws(Stop) in
                bench.config.append(
                    "linux.devices",
                    #"{"type": "c", "path": "/dev/extra", "major": 10, "minor": 229, "fileMode": 416, "uid": 12, "gid": 34}"#
                )
                try expect(
                    bench.run("file /dev/extra"), "/dev/extra", "characterDevice", 10, 229, mode: 0o640,
                    uid: 12, gid: 34)
            },
            check("oci.devices.block", "a block device of the list", listed, kinds) { bench throws(Stop) in
                bench.config.append(
                    "linux.devices",
                    #"{"type": "b", "path": "/dev/disk", "major": 7, "minor": 99, "fileMode": 384, "uid": 0, "gid": 0}"#
                )
                try expect(bench.run("file /dev/disk"), "/dev/disk", "blockDevice", 7, 99, mode: 0o600)
            },
            check("oci.devices.unbuffered", "the type u is a character device", kinds, listed) {
                bench throws(Stop) in
                bench.config.append(
                    "linux.devices", #"{"type": "u", "path": "/dev/raw", "major": 1, "minor": 5}"#)
                let seen = try bench.run("file /dev/raw").value("file /dev/raw")
                try require(
                    seen.member("kind") == .string("characterDevice"), "a character device", seen: seen.text)
            },
            check("oci.devices.fifo", "the type p is a fifo, which has no numbers", kinds, listed) {
                bench throws(Stop) in
                bench.config.append("linux.devices", #"{"type": "p", "path": "/dev/pipe", "fileMode": 438}"#)
                let seen = try bench.run("file /dev/pipe").value("file /dev/pipe")
                try require(seen.member("kind") == .string("fifo"), "a fifo", seen: seen.text)
            },
            check(
                "oci.devices.anywhere", "a device outside of /dev, in a directory that is not there", listed,
                anywhere
            ) { bench throws(Stop) in
                bench.config.append(
                    "linux.devices",
                    #"{"type": "c", "path": "/made/for/it", "major": 1, "minor": 3, "fileMode": 438}"#)
                try expect(bench.run("file /made/for/it"), "/made/for/it", "characterDevice", 1, 3)
            },
            // runc 1.1.5 and crun 1.8.1 leave what they find and go on: the container then has a file, or another device,
            // where its configuration says it has this one.
            check("oci.devices.mismatch", "a file in the device's place is an error", mismatch) {
                bench throws(Stop) in
                try prepare("a file") { () throws(SystemError) in
                    try makeDirectory(bench.rootfs + "/place", mode: 0o755)
                    try writeNew(bench.rootfs + "/place/device", "a file")
                }
                bench.config.append(
                    "linux.devices", #"{"type": "c", "path": "/place/device", "major": 1, "minor": 3}"#)
                try bench.mustRefuse("there is a file at the path")
            },
            check("oci.devices.mismatched-number", "another device in its place is an error", mismatch) {
                bench throws(Stop) in
                try prepare("a device") { () throws(SystemError) in
                    try makeDirectory(bench.rootfs + "/place", mode: 0o755)
                    try FileDescriptor.open(bench.rootfs + "/place", .directory)
                        .makeNode("device", .characterDevice, DeviceNumber(major: 1, minor: 5), mode: 0o600)
                }
                bench.config.append(
                    "linux.devices", #"{"type": "c", "path": "/place/device", "major": 1, "minor": 3}"#)
                try bench.mustRefuse("there is another device at the path")
            },
            check("oci.devices.unknown-type", "a type nobody knows is an error", kinds, invalid) {
                bench throws(Stop) in
                bench.config.append(
                    "linux.devices", #"{"type": "x", "path": "/dev/x", "major": 1, "minor": 3}"#)
                try bench.mustRefuse("there is no device type x")
            },
        ])

private func defaultCase(_ name: String, _ major: Int64, _ minor: Int64) -> Case<ContainerBench> {
    check("oci.devices.default-\(name)", "/dev/\(name) is there and can be used", supplied(name)) {
        bench throws(Stop) in
        try expect(bench.run("file /dev/\(name)"), "/dev/\(name)", "characterDevice", major, minor)
    }
}

private func expect(
    _ sighting: Sighting, _ path: String, _ kind: String, _ major: Int64, _ minor: Int64, mode: Int64? = nil,
    uid: Int64? = nil, gid: Int64? = nil
) throws(Stop) {
    let seen = try sighting.value("file \(path)")
    let number = seen.member("major") == .integer(major) && seen.member("minor") == .integer(minor)
    try require(
        seen.member("kind") == .string(kind) && number, "a \(kind) \(major):\(minor) at \(path)",
        seen: seen.text)
    if let mode {
        try require(
            seen.member("mode") == .integer(mode), "the mode \(String(mode, radix: 8))", seen: seen.text)
    }
    if let uid { try require(seen.member("uid") == .integer(uid), "the owner \(uid)", seen: seen.text) }
    if let gid { try require(seen.member("gid") == .integer(gid), "the group \(gid)", seen: seen.text) }
}
