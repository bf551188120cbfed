import JSON
import Kernel
import Suite

private let place = "runtime.md#state"

private let properties = must(
    "state.properties",
    "This operation MUST return the state of a container as specified in the State section.",
    "runtime.md#query-state")
private let versionText = property(
    "state.ociVersion",
    "`ociVersion` (string, REQUIRED) is version of the Open Container Initiative Runtime Specification with which the state complies.",
    place)
private let idText = property("state.id", "`id` (string, REQUIRED) is the container's ID.", place)
private let unique = must("state.unique", "This MUST be unique across all containers on this host.", place)
private let statusText = property(
    "state.status", "`status` (string, REQUIRED) is the runtime state of the container.", place)
private let otherStatus = must(
    "state.other-status",
    "Additional values MAY be defined by the runtime, however, they MUST be used to represent new runtime states not defined above.",
    place)
private let pidText = property(
    "state.pid",
    "`pid` (int, REQUIRED when `status` is `created` or `running` on Linux, OPTIONAL on other platforms) is the ID of the container process.",
    place)
private let bundleText = property(
    "state.bundle", "`bundle` (string, REQUIRED) is the absolute path to the container's bundle directory.",
    place)
private let annotationsText = property(
    "state.annotations",
    "`annotations` (map, OPTIONAL) contains the list of annotations associated with the container.", place)
private let schema = must(
    "state.schema",
    "When serialized in JSON, the format MUST adhere to the JSON Schema `schema/state-schema.json`.", place)
private let missingID = must(
    "state.no-id", "This operation MUST generate an error if it is not provided the ID of a container.",
    "runtime.md#query-state")
private let unknown = must(
    "state.unknown", "Attempting to query a container that does not exist MUST generate an error.",
    "runtime.md#query-state")
private let scope = must(
    "scope.operations",
    "The entity using a runtime to create a container MUST be able to use the operations defined in this specification against that same container.",
    "runtime.md#scope-of-a-container")
private let supported = must(
    "operations.supported", "Unless otherwise stated, runtimes MUST support the following operations.",
    "runtime.md#operations")

/// runtime.md, "State" and "Query State".
let stateSection = Section(
    "state",
    [
        check(
            "oci.state.created", "a container that was created is `created`, with the pid of its process",
            statusText, pidText, properties
        ) {
            bench throws(Stop) in
            bench.ask(["sleep"])
            let state = try bench.mustCreate()
            try require(state.status == "created", "the status `created`", seen: state.value.text)
            try require(
                state.pid > 0 && fileExists("/proc/\(state.pid)"), "the pid of a process",
                seen: state.value.text)
        },
        check(
            "oci.state.running", "a container that was started is `running`, with the pid of its process",
            statusText, pidText, properties
        ) {
            bench throws(Stop) in
            bench.ask(["sleep"])
            let before = try bench.mustCreate()
            try bench.mustStart()
            let state = try bench.state()
            try require(state.status == "running", "the status `running`", seen: state.value.text)
            try require(state.pid == before.pid, "the pid \(before.pid) of before", seen: state.value.text)
        },
        check(
            "oci.state.stopped", "a container whose process has exited is `stopped`", statusText, properties
        ) {
            bench throws(Stop) in
            bench.ask(["pid"])
            let state = try bench.mustCreate()
            try bench.mustStart()
            try bench.awaitEnd(of: state.pid)
            try bench.waitUntil("stopped")
        },
        check("oci.state.pid", "the pid is that of the process with the container's program", pidText) {
            bench throws(Stop) in
            bench.ask(["sleep"])
            try bench.mustCreate()
            try bench.mustStart()
            let pid = try bench.state().pid
            var text = ""
            // `start` may return a moment before the program is there.
            for _ in 0..<500 {
                let words = try prepare("the command line") { () throws(SystemError) in
                    try readFile("/proc/\(pid)/cmdline")
                }
                text = String(decoding: words.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
                if text.hasPrefix("/probe sleep") { return }
                pause(milliseconds: 10)
            }
            throw .finding(expected: "the process that runs /probe", seen: text)
        },
        check("oci.state.identity", "the state has the container's ID", idText) { bench throws(Stop) in
            let state = try bench.mustCreate()
            try require(state.id == bench.id, "the id \(bench.id)", seen: state.value.text)
        },
        check("oci.state.version", "the state has the version of the specification", versionText) {
            bench throws(Stop) in
            let text = try bench.mustCreate().value.member("ociVersion")?.string ?? ""
            try require(Version(text) != nil, "ociVersion as SemVer", seen: text)
        },
        check("oci.state.bundle", "the bundle is an absolute path, also when create got another", bundleText)
        {
            bench throws(Stop) in
            try bench.writeConfig()
            let home = try prepare("the directory") { () throws(SystemError) in
                let before = try currentDirectory()
                try changeDirectory(bench.home)
                return before
            }
            let answer = try bench.create(bundle: "bundle")
            try prepare("the directory") { () throws(SystemError) in try changeDirectory(home) }
            try require(answer.isSuccess, "create with a relative path to the bundle", seen: answer.text)
            let seen = try bench.state().bundle
            try require(seen == bench.bundle, "the bundle \(bench.bundle)", seen: seen)
        },
        check("oci.state.annotations", "the state has the annotations of the configuration", annotationsText)
        {
            bench throws(Stop) in
            bench.config.set("annotations", #"{"com.example.key": "a value", "com.example.empty": ""}"#)
            let seen = try bench.mustCreate().value.member("annotations") ?? .null
            let isThere =
                seen.member("com.example.key") == .string("a value")
                && seen.member("com.example.empty") == .string("")
            try require(isThere, "both annotations", seen: seen.text)
        },
        check("oci.state.schema", "the state's properties have the types of the schema", schema, otherStatus)
        {
            bench throws(Stop) in
            let state = try bench.mustCreate()
            for name in ["ociVersion", "id", "status", "bundle"] {
                try require(
                    state.value.member(name)?.string != nil, "\(name) as a string", seen: state.value.text)
            }
            try require(state.value.member("pid")?.integer != nil, "pid as a number", seen: state.value.text)
            for item in state.value.member("annotations")?.members ?? [] {
                try require(item.value.string != nil, "annotations that are strings", seen: state.value.text)
            }
        },
        check("oci.state.no-id", "state without an ID is an error", missingID) { bench throws(Stop) in
            let answer = try bench.call(["state"])
            try require(!answer.isSuccess, "an error", seen: answer.text)
        },
        check("oci.state.unknown", "state of a container that does not exist is an error", unknown) {
            bench throws(Stop) in
            let answer = try bench.call(["state", bench.id])
            try require(!answer.isSuccess, "an error", seen: answer.text)
        },
        check(
            "oci.state.life", "who created a container can use all operations on it", scope, supported, unique
        ) {
            bench throws(Stop) in
            bench.ask(["sleep"])
            let state = try bench.mustCreate()
            try bench.mustStart()
            let killed = try bench.kill()
            try require(killed.isSuccess, "kill succeeds", seen: killed.text)
            try bench.awaitEnd(of: state.pid)
            try bench.waitUntil("stopped")
            let deleted = try bench.delete()
            try require(deleted.isSuccess, "delete succeeds", seen: deleted.text)
        },
    ])
