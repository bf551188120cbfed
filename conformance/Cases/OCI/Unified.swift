import JSON
import Kernel
import Suite

private let place = "config-linux.md#unified"

private let written = must(
    "unified.written", "Configuration unknown to the runtime MUST still be written to the relevant file.",
    place)
private let enabled = must(
    "unified.enabled",
    "The OCI runtime MUST ensure that the needed cgroup controllers are enabled for the cgroup.", place)
private let absent = must(
    "unified.absent",
    "The runtime MUST generate an error when the configuration refers to a cgroup controller that is not present or that cannot be enabled.",
    place)
private let impossible = must(
    "unified.impossible", "If the conversion is not possible the runtime MUST generate an error.", place)

/// config-linux.md, "Unified": only where the new version of cgroups is the machine's.
let unifiedSection = Section(
    "unified",
    [
        check(
            "oci.unified.written", "keys of `unified` are written to their files", written, enabled,
            needs: [.unified, .controller("pids")]
        ) { bench throws(Stop) in
            bench.config.set("linux.resources.unified", value: .object([.init("pids.max", .string("55"))]))
            let state = try bench.mustCreate()
            guard let folder = Hierarchy.of("pids")?.directory(of: state.pid) else {
                throw .finding(expected: "a cgroup", seen: "none")
            }
            let text = try prepare("a look") { () throws(SystemError) in try readText(folder + "/pids.max") }
            try require(text.hasPrefix("55"), "pids.max with 55", seen: text)
        },
        check("oci.unified.core", "a key the runtime need not know is written", written, needs: [.unified]) {
            bench throws(Stop) in
            bench.config.set(
                "linux.resources.unified", value: .object([.init("cgroup.max.descendants", .string("9"))]))
            let state = try bench.mustCreate()
            let hierarchy = Hierarchy.all().first { $0.isUnified }
            guard let folder = hierarchy?.directory(of: state.pid) else {
                throw .finding(expected: "a cgroup", seen: "none")
            }
            let text = try prepare("a look") { () throws(SystemError) in
                try readText(folder + "/cgroup.max.descendants")
            }
            try require(text.hasPrefix("9"), "cgroup.max.descendants with 9", seen: text)
        },
        check("oci.unified.absent", "a controller that is not there is an error", absent, needs: [.unified]) {
            bench throws(Stop) in
            bench.config.set("linux.resources.unified", value: .object([.init("nonsense.max", .string("1"))]))
            try bench.mustRefuse("there is no controller `nonsense`")
        },
        check(
            "oci.unified.old", "`unified` on a machine with the old version only is an error", absent,
            impossible, needs: [.notUnified]
        ) { bench throws(Stop) in
            bench.config.set(
                "linux.resources.unified", value: .object([.init("memory.max", .string("67108864"))]))
            try bench.mustRefuse("memory is a controller of the old version here")
        },
    ])

extension Need<Runtime> {
    /// The new version of cgroups alone.
    static var unified: Need {
        Need("cgroup v2") { _ in
            Hierarchy.all().contains { !$0.isUnified }
                ? "this machine has cgroups of version 1, so the runtime works with them" : nil
        }
    }

    fileprivate static var notUnified: Need {
        Need("cgroup v1") { _ in
            Hierarchy.of("memory")?.isUnified == false ? nil : "memory is no controller of version 1 here"
        }
    }
}
