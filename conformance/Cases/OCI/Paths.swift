import JSON
import Kernel
import Suite

private let masked = property(
    "maskedPaths",
    "`maskedPaths` (array of strings, OPTIONAL) will mask over the provided paths inside the container so that they cannot be read.",
    "config-linux.md#masked-paths")
private let maskedAbsolute = must(
    "maskedPaths.absolute", "The values MUST be absolute paths in the container namespace.",
    "config-linux.md#masked-paths")
private let readonly = property(
    "readonlyPaths",
    "`readonlyPaths` (array of strings, OPTIONAL) will set the provided paths as readonly inside the container.",
    "config-linux.md#readonly-paths")
private let readonlyAbsolute = must(
    "readonlyPaths.absolute", "The values MUST be absolute paths in the container namespace.",
    "config-linux.md#readonly-paths")
private let invalid = must(
    "valid-values.error",
    "Runtimes MUST generate an error when invalid or unsupported values are encountered.",
    "config.md#valid-values")
private let label = property(
    "mountLabel",
    "`mountLabel` (string, OPTIONAL) will set the Selinux context for the mounts in the container.",
    "config-linux.md#mount-label")
private let links = must(
    "runtime-linux.links",
    "While creating the container (step 2 in the lifecycle), runtimes MUST create the following symlinks if the source file exists after processing `mounts`: /proc/self/fd: /dev/fd, /proc/self/fd/0: /dev/stdin, /proc/self/fd/1: /dev/stdout, /proc/self/fd/2: /dev/stderr",
    "runtime-linux.md#dev-symbolic-links")
private let descriptors = property(
    "runtime-linux.descriptors",
    "By default, only the `stdin`, `stdout` and `stderr` file descriptors are kept open for the application by the runtime.",
    "runtime-linux.md#file-descriptors")

/// config-linux.md, "Masked Paths", "Readonly Paths", "Mount Label"; runtime-linux.md.
let pathsSection = Section(
    "paths",
    [
        check("oci.masked.file", "a masked file cannot be read", masked) { bench throws(Stop) in
            try bench.makeSecrets()
            bench.config.set("linux.maskedPaths", #"["/secret/file"]"#)
            try bench.expectHidden(
                try bench.run("read /secret/file", "read /secret/deep/file"), "read /secret/file")
        },
        check("oci.masked.directory", "a masked directory is empty, and so is what is below", masked) {
            bench throws(Stop) in
            try bench.makeSecrets()
            bench.config.set("linux.maskedPaths", #"["/secret/deep"]"#)
            let seen = try bench.run("list /secret/deep", "read /secret/file", "make-file /secret/deep/new")
            try seen.expect("list /secret/deep", "[]")
            try seen.expect("read /secret/file", "hidden")
            try seen.expectError("make-file /secret/deep/new")
        },
        check("oci.masked.proc", "files of /proc can be masked", masked) { bench throws(Stop) in
            bench.config.set("linux.maskedPaths", #"["/proc/filesystems", "/proc/fs"]"#)
            let seen = try bench.run("read /proc/filesystems", "list /proc/fs")
            try bench.expectHidden(seen, "read /proc/filesystems")
            try seen.expect("list /proc/fs", "[]")
        },
        check("oci.masked.missing", "a masked path that is not there is no error", masked) {
            bench throws(Stop) in
            bench.config.set("linux.maskedPaths", #"["/no/such/path", "/proc/no-such-file"]"#)
            try bench.run("pid").expect("pid", "1")
        },
        check("oci.masked.write", "a masked file cannot be written through either", masked) {
            bench throws(Stop) in
            try bench.makeSecrets()
            bench.config.set("linux.maskedPaths", #"["/secret/file"]"#)
            _ = try bench.run("write /secret/file changed")
            let text = try prepare("a look") { () throws(SystemError) in
                try readText(bench.rootfs + "/secret/file")
            }
            try require(text == "hidden", "the file of before on the host", seen: text)
        },
        check(
            "oci.masked.relative", "a masked path that is not absolute is an error", maskedAbsolute, invalid
        ) {
            bench throws(Stop) in
            try bench.makeSecrets()
            bench.config.set("linux.maskedPaths", #"["secret/file"]"#)
            try bench.mustRefuse("a masked path is relative")
        },
        check(
            "oci.readonly.relative", "a read-only path that is not absolute is an error", readonlyAbsolute,
            invalid
        ) { bench throws(Stop) in
            try bench.makeSecrets()
            bench.config.set("linux.readonlyPaths", #"["secret"]"#)
            try bench.mustRefuse("a read-only path is relative")
        },
        check(
            "oci.readonly.directory", "a read-only directory cannot be written, nor what is below", readonly
        ) { bench throws(Stop) in
            try bench.makeSecrets()
            bench.config.set("linux.readonlyPaths", #"["/secret"]"#)
            let seen = try bench.run(
                "make-file /secret/new", "write /secret/deep/file x", "read /secret/file")
            try seen.expectError("make-file /secret/new", .readOnlyFileSystem)
            try seen.expectError("write /secret/deep/file x", .readOnlyFileSystem)
            try seen.expect("read /secret/file", "hidden")
        },
        check("oci.readonly.file", "a read-only file cannot be written, its neighbours can", readonly) {
            bench throws(Stop) in
            try bench.makeSecrets()
            bench.config.set("linux.readonlyPaths", #"["/secret/file"]"#)
            let seen = try bench.run("write /secret/file x", "make-file /secret/new")
            try seen.expectError("write /secret/file x", .readOnlyFileSystem)
            try seen.expect("make-file /secret/new", "true")
        },
        check("oci.readonly.proc", "files of /proc/sys can be made read-only", readonly) {
            bench throws(Stop) in
            bench.config.set("linux.readonlyPaths", #"["/proc/sys"]"#)
            try bench.run("write /proc/sys/kernel/hostname x").expectError(
                "write /proc/sys/kernel/hostname x", .readOnlyFileSystem)
        },
        check("oci.readonly.missing", "a read-only path that is not there is no error", readonly) {
            bench throws(Stop) in
            bench.config.set("linux.readonlyPaths", #"["/no/such/path", "/proc/no-such-file"]"#)
            try bench.run("pid").expect("pid", "1")
        },
        check(
            "oci.mount-label.set", "the mounts have the SELinux context", label,
            needs: [.securityModule("selinux")]
        ) { bench throws(Stop) in
            bench.config.set("linux.mountLabel", #""system_u:object_r:container_file_t:s0""#)
            let mount = try bench.run("mounts").mount("/dev")
            try require(
                mount.superOptions.contains("container_file_t"), "the context", seen: mount.superOptions)
        },
        check(
            "oci.links.there",
            "/dev/fd, /dev/stdin, /dev/stdout and /dev/stderr are links into /proc/self/fd", links
        ) { bench throws(Stop) in
            let seen = try bench.run(
                "link /dev/fd", "link /dev/stdin", "link /dev/stdout", "link /dev/stderr")
            try seen.expect("link /dev/fd", "/proc/self/fd")
            try seen.expect("link /dev/stdin", "/proc/self/fd/0")
            try seen.expect("link /dev/stdout", "/proc/self/fd/1")
            try seen.expect("link /dev/stderr", "/proc/self/fd/2")
        },
        check("oci.descriptors.three", "the program has three descriptors and no more", descriptors) {
            bench throws(Stop) in
            let seen = try bench.run("descriptors").value("descriptors")
            let names = seen.members.map(\.name).sorted()
            try require(names == ["0", "1", "2"], "the descriptors 0, 1 and 2", seen: seen.text)
        },
        check(
            "oci.descriptors.caller", "a descriptor the runtime's caller has open is not there", descriptors
        ) { bench throws(Stop) in
            bench.ask(["descriptors"])
            let state = try bench.mustCreateInheriting()
            try bench.mustStart()
            let seen = try bench.finish(state).value("descriptors")
            try require(
                seen.members.map(\.name).sorted() == ["0", "1", "2"], "the descriptors 0, 1 and 2",
                seen: seen.text)
        },
    ])

extension ContainerBench {
    /// Files to hide: /secret/file and /secret/deep/file, with `hidden` in them.
    fileprivate func makeSecrets() throws(Stop) {
        try prepare("files") { () throws(SystemError) in
            try makeDirectories(rootfs + "/secret/deep", mode: 0o755)
            try writeNew(rootfs + "/secret/file", "hidden", mode: 0o666)
            try writeNew(rootfs + "/secret/deep/file", "hidden", mode: 0o666)
        }
    }

    /// Nothing is read, or nothing is in it: either way what was there is out of sight.
    fileprivate func expectHidden(_ seen: Sighting, _ request: String) throws(Stop) {
        if seen.error(request) != nil { return }
        try seen.expect(request, "")
    }

    /// Creates the container with a shell in between, which hands on every descriptor it is told.
    fileprivate func mustCreateInheriting() throws(Stop) -> ContainerState {
        try mustCreate(through: [], after: "exec 7</etc 9<&7;")
    }

    /// Creates the container with the words of another program before the runtime's, in a shell that has done `preparation`.
    func mustCreate(through words: [String], after preparation: String = "") throws(Stop) -> ContainerState {
        try writeConfig()
        let line = (words + [runtime.path] + runtime.options + ["create", "--bundle", bundle, id]).map(
            shellQuoted
        )
        .joined(separator: " ")
        let answer = try callShell("\(preparation) exec \(line) >>\(shellQuoted(output))")
        try require(answer.isSuccess, "create succeeds", seen: answer.text)
        return try state()
    }
}
