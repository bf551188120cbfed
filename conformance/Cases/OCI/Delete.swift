import JSON
import Kernel
import Suite

private let place = "runtime.md#delete"

private let noID = must(
    "delete.no-id", "This operation MUST generate an error if it is not provided the container ID.", place)
private let notStopped = must(
    "delete.not-stopped",
    "Attempting to `delete` a container that is not `stopped` MUST have no effect on the container and MUST generate an error.",
    place)
private let resources = must(
    "delete.resources",
    "Deleting a container MUST delete the resources that were created during the `create` step.", place)
private let others = must(
    "delete.others",
    "Note that resources associated with the container, but not created by this container, MUST NOT be deleted.",
    place)
private let reuse = Clause(
    "oci.delete.reuse", .may, "Once a container is deleted its ID MAY be used by a subsequent container.",
    specificationAddress + place)
private let destroyed = must(
    "lifecycle.destroyed",
    "The container MUST be destroyed by undoing the steps performed during create phase (step 2).",
    "runtime.md#lifecycle")

/// runtime.md, "Delete".
let deleteSection = Section(
    "delete",
    [
        check("oci.delete.no-id", "delete without an ID is an error", noID) { bench throws(Stop) in
            let answer = try bench.call(["delete"])
            try require(!answer.isSuccess, "an error", seen: answer.text)
        },
        check("oci.delete.unknown", "delete of a container that does not exist is an error", notStopped) {
            bench throws(Stop) in
            let answer = try bench.delete()
            try require(!answer.isSuccess, "an error", seen: answer.text)
        },
        check(
            "oci.delete.created",
            "delete of a container that was not started is an error and changes nothing", notStopped
        ) {
            bench throws(Stop) in
            let state = try bench.mustCreate()
            let answer = try bench.delete()
            try require(!answer.isSuccess, "an error", seen: answer.text)
            try bench.expect("created")
            try require(
                fileExists("/proc/\(state.pid)"), "the container's process is there", seen: "it is gone")
        },
        check(
            "oci.delete.running", "delete of a running container is an error and changes nothing", notStopped
        ) {
            bench throws(Stop) in
            bench.ask(["sleep"])
            let state = try bench.mustCreate()
            try bench.mustStart()
            let answer = try bench.delete()
            try require(!answer.isSuccess, "an error", seen: answer.text)
            try bench.expect("running")
            try require(
                fileExists("/proc/\(state.pid)"), "the container's process is there", seen: "it is gone")
        },
        check("oci.delete.unknown-after", "a container that was deleted is unknown", resources, destroyed) {
            bench throws(Stop) in
            try bench.lived()
            let answer = try bench.call(["state", bench.id])
            try require(!answer.isSuccess, "an error from state", seen: answer.text)
        },
        check(
            "oci.delete.cgroups", "the container's cgroups are gone in every hierarchy", resources, destroyed
        ) {
            bench throws(Stop) in
            bench.ask(["sleep"])
            let state = try bench.mustCreate()
            let groups = Hierarchy.all().compactMap { $0.directory(of: state.pid) }.filter {
                $0.contains(bench.id)
            }
            guard !groups.isEmpty else { throw .skip("the runtime made no cgroup") }
            try bench.mustStart()
            try bench.kill()
            try bench.awaitEnd(of: state.pid)
            try bench.delete()
            let left = groups.filter(fileExists)
            try require(left.isEmpty, "no cgroup after delete", seen: left.joined(separator: " "))
        },
        check("oci.delete.mounts", "no mount and no process is left on the host", resources, destroyed) {
            bench throws(Stop) in
            let before = try prepare("a look") { () throws(SystemError) in try mountTable() }
            bench.config.append(
                "mounts", #"{"destination": "/deep/down", "type": "tmpfs", "source": "tmpfs"}"#)
            try bench.lived()
            let after = try prepare("a look") { () throws(SystemError) in try mountTable() }
            let more = Set(after).subtracting(before).map(\.point).sorted().joined(separator: " ")
            try require(more.isEmpty, "the mounts of before", seen: more)
            let left = try bench.children()
            try require(left.isEmpty, "no process", seen: left.joined(separator: ", "))
        },
        check("oci.delete.files", "no file of the runtime is left for the container", resources) {
            bench throws(Stop) in
            let before = try bench.filesNamedAfterIt()
            try bench.lived()
            let after = try bench.filesNamedAfterIt()
            try require(
                after == before, "no file with the container's ID below /run",
                seen: after.joined(separator: " "))
        },
        check("oci.delete.others", "the bundle, a bind mount's source and a joined namespace stay", others) {
            bench throws(Stop) in
            let shared = try bench.share("shared")
            try prepare("a file") { () throws(SystemError) in try writeNew(shared + "/keep", "kept") }
            try bench.lived()
            for path in [bench.bundle + "/config.json", bench.rootfs + "/probe", shared + "/keep"] {
                try require(fileExists(path), "\(path) is there after delete", seen: "it is gone")
            }
        },
        check("oci.delete.reuse", "the ID can be used again", reuse) { bench throws(Stop) in
            try bench.lived()
            try bench.run("pid").expect("pid", "1")
        },
    ])

extension ContainerBench {
    /// Has a container run, end, and deleted, each of which must succeed.
    func lived() throws(Stop) {
        ask(["pid"])
        let state = try mustCreate()
        try mustStart()
        try awaitEnd(of: state.pid)
        try waitUntil("stopped")
        let answer = try delete()
        try require(answer.isSuccess, "delete succeeds", seen: answer.text)
    }

    /// The files below /run, two levels deep, whose name has the container's ID in it.
    func filesNamedAfterIt() throws(Stop) -> [String] {
        try prepare("a look at /run") { () throws(SystemError) in
            var found: [String] = []
            for name in try listDirectory("/run") {
                let path = "/run/" + name
                guard try fileStatus(path, following: false).kind == .directory else { continue }
                found += try listDirectory(path).filter { $0.contains(id) }.map { path + "/" + $0 }
            }
            return found.sorted()
        }
    }
}
