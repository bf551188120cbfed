import JSON
import Kernel
import Suite

private let place = "runtime.md#create"

private let missingWords = must(
    "create.no-words",
    "This operation MUST generate an error if it is not provided a path to the bundle and the container ID to associate with the container.",
    place)
private let badID = must(
    "create.id",
    "If the ID provided is not unique across all containers within the scope of the runtime, or is not valid in any other way, the implementation MUST generate an error and a new container MUST NOT be created.",
    place)
private let creates = must("create.creates", "This operation MUST create a new container.", place)
private let applied = must(
    "create.applied",
    "All of the properties configured in `config.json` except for `process` MUST be applied.", place)
private let notYet = must(
    "create.args-not-yet",
    "`process.args` MUST NOT be applied until triggered by the `start` operation.", place)
private let cannotApply = must(
    "create.cannot-apply",
    "If the runtime cannot apply a property as specified in the configuration, it MUST generate an error and a new container MUST NOT be created.",
    place)
private let environment = must(
    "lifecycle.environment",
    "The container's runtime environment MUST be created according to the configuration in `config.json`.",
    "runtime.md#lifecycle")
private let environmentError = must(
    "lifecycle.environment-error",
    "If the runtime is unable to create the environment specified in the `config.json`, it MUST generate an error.",
    "runtime.md#lifecycle")
private let programWaits = must(
    "lifecycle.program-waits",
    "While the resources requested in the `config.json` MUST be created, the user-specified program (from `process`) MUST NOT be run at this time.",
    "runtime.md#lifecycle")
private let updates = must(
    "lifecycle.updates", "Any updates to `config.json` after this step MUST NOT affect the container.",
    "runtime.md#lifecycle")
private let unchanged = must(
    "errors.unchanged",
    "Unless otherwise stated, generating an error MUST leave the state of the environment as if the operation were never attempted - modulo any possible trivial ancillary changes such as logging.",
    "runtime.md#errors")
private let bundleFile = must(
    "bundle.config",
    "`config.json`: contains configuration data. This REQUIRED file MUST reside in the root of the bundle directory and MUST be named `config.json`.",
    "bundle.md#container-format")

/// runtime.md, "Create", and what "Lifecycle" and "Errors" say of it.
let createSection = Section(
    "create",
    [
        check("oci.create.created", "create makes a container, which is then `created`", creates, environment)
        {
            bench throws(Stop) in
            try bench.mustCreate()
            try bench.expect("created")
        },
        check("oci.create.no-id", "create without an ID is an error", missingWords) { bench throws(Stop) in
            try bench.writeConfig()
            let answer = try bench.call(["create", "--bundle", bench.bundle])
            try require(!answer.isSuccess, "an error", seen: answer.text)
        },
        check("oci.create.no-bundle", "create with a bundle that is not there is an error", missingWords) {
            bench throws(Stop) in
            let answer = try bench.create(bundle: bench.home + "/missing")
            try require(!answer.isSuccess, "an error", seen: answer.text)
        },
        check("oci.create.no-config", "create with a directory without config.json is an error", bundleFile) {
            bench throws(Stop) in
            let answer = try bench.create(bundle: bench.rootfs)
            try require(!answer.isSuccess, "an error", seen: answer.text)
        },
        check("oci.create.no-json", "create with a config.json that is no JSON is an error", environmentError)
        {
            bench throws(Stop) in
            try prepare("config.json") { () throws(SystemError) in
                try makeDirectories(bench.home + "/other/rootfs", mode: 0o755)
                try writeNew(bench.home + "/other/config.json", "{\"ociVersion\": ")
            }
            let answer = try bench.create(bundle: bench.home + "/other")
            try require(!answer.isSuccess, "an error", seen: answer.text)
        },
        check(
            "oci.create.taken", "an ID that is taken is an error, and its container stays as it was", badID,
            unchanged
        ) {
            bench throws(Stop) in
            let before = try bench.mustCreate()
            let answer = try bench.create()
            try require(!answer.isSuccess, "an error", seen: answer.text)
            let after = try bench.state()
            try require(
                after.pid == before.pid && after.status == "created", "the container of before",
                seen: after.value.text)
        },
        check("oci.create.odd-id", "an ID that leads out of a directory is an error", badID) {
            bench throws(Stop) in
            for id in ["../\(bench.id)", "a/../../b", "..", ""] {
                let answer = try bench.create(id)
                try require(!answer.isSuccess, "an error for the ID '\(id)'", seen: answer.text)
            }
        },
        check("oci.create.waits", "the program does not run before start", notYet, programWaits) {
            bench throws(Stop) in
            bench.ask(["pid"])
            let state = try bench.mustCreate()
            pause(milliseconds: 100)
            let printed = try bench.printed()
            try require(printed.isEmpty, "nothing printed before start", seen: printed)
            let root = try prepare("a look") { () throws(SystemError) in
                try readLink("/proc/\(state.pid)/exe")
            }
            try require(!root.hasSuffix("/probe"), "another program than /probe in the process", seen: root)
        },
        check("oci.create.applied", "namespaces and mounts are there before start", applied, programWaits) {
            bench throws(Stop) in
            bench.config.append("mounts", #"{"destination": "/early", "type": "tmpfs", "source": "tmpfs"}"#)
            let state = try bench.mustCreate()
            let (mine, its) = try prepare("a look") { () throws(SystemError) in
                (try readLink("/proc/self/ns/uts"), try readLink("/proc/\(state.pid)/ns/uts"))
            }
            try require(mine != its, "a new uts namespace", seen: its)
            let mounts = try prepare("a look") { () throws(SystemError) in try mountTable(of: "\(state.pid)")
            }
            try require(
                mounts.contains { $0.point == "/early" }, "the mount /early",
                seen: mounts.map(\.point).joined(separator: " "))
        },
        check("oci.create.updates", "a change of config.json after create changes nothing", updates) {
            bench throws(Stop) in
            bench.config.set("hostname", #""first""#)
            bench.ask(["read /proc/sys/kernel/hostname"])
            let state = try bench.mustCreate()
            bench.config.set("hostname", #""second""#)
            bench.config.set("process.args", #"["/nothing"]"#)
            try bench.writeConfig()
            try bench.mustStart()
            try bench.finish(state).expect("read /proc/sys/kernel/hostname", "first")
        },
        check(
            "oci.create.cannot-mount", "a mount that cannot be made is an error, and no container is there",
            cannotApply, environmentError
        ) {
            bench throws(Stop) in
            bench.config.append(
                "mounts", #"{"destination": "/x", "source": "/no/such/source", "options": ["bind"]}"#)
            try bench.mustRefuse("a bind mount of a file that is not there")
        },
        check(
            "oci.create.undone", "a create that failed leaves no process, mount or cgroup", unchanged,
            cannotApply
        ) {
            bench throws(Stop) in
            let mounts = try prepare("a look") { () throws(SystemError) in try mountTable() }
            bench.config.append(
                "mounts", #"{"destination": "/x", "source": "/no/such/source", "options": ["bind"]}"#)
            try bench.mustRefuse("a bind mount of a file that is not there")
            let after = try prepare("a look") { () throws(SystemError) in try mountTable() }
            try require(
                Set(after) == Set(mounts), "the mounts of before", seen: names(Set(after).subtracting(mounts))
            )
            let groups = Hierarchy.all().map { $0.mountPoint + bench.runtime.cgroup + "/" + bench.id }.filter(
                fileExists)
            try require(groups.isEmpty, "no cgroup", seen: groups.joined(separator: " "))
            let left = try bench.children()
            try require(left.isEmpty, "no process", seen: left.joined(separator: ", "))
        },
    ])

private func names(_ mounts: Set<MountLine>) -> String { mounts.map(\.point).sorted().joined(separator: " ") }

/// Writes a file that is not there yet.
func writeNew(_ path: String, _ text: String, mode: UInt32 = 0o644) throws(SystemError) {
    try FileDescriptor.open(path, [.writeOnly, .create, .exclusive], mode: mode).write(text)
}

extension ContainerBench {
    /// The processes in the case's pid namespace, but for the case itself and those which have ended.
    func children() throws(Stop) -> [String] {
        try prepare("a look at the processes") { () throws(SystemError) in
            try listDirectory("/proc").filter { Int32($0) != nil && $0 != "1" }.compactMap { pid in
                do throws(SystemError) {
                    let text = try readText("/proc/\(pid)/stat")
                    let isOver = text[(text.lastIndex(of: ")") ?? text.startIndex)...].hasPrefix(") Z")
                    return isOver ? nil : String(text.prefix { $0 != ")" }) + ")"
                } catch { return nil }
            }
        }
    }
}
