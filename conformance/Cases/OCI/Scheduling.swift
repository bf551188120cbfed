import JSON
import Kernel
import Suite

private let place = "config.md#linux-process"

private let scheduler = property(
    "process.scheduler",
    "`scheduler` (object, OPTIONAL) is an object describing the scheduler properties for the process.", place)
private let nice = property(
    "process.scheduler.nice",
    "A lower nice value corresponds to a higher priority. If not set, the runtime must use the value 0.",
    place)
private let priority = property(
    "process.scheduler.priority",
    "`priority` (int32, OPTIONAL) represents the static priority of the process, used by real-time policies like SCHED_FIFO and SCHED_RR. If not set, the runtime must use the value 0.",
    place)
private let period = property(
    "process.scheduler.period",
    "`period` (uint64, OPTIONAL) represents the length of the period in nanoseconds used for determining the process runtime, used by the deadline scheduler. If not set, the runtime must use the value 0.",
    place)
private let ioRange = should(
    "process.ioPriority.range", "The value should be an integer ranging from 0 (highest) to 7 (lowest).",
    place)
private let ioPriority = property(
    "process.ioPriority",
    "`ioPriority` (object, OPTIONAL) configures the I/O priority settings for the container's processes within the process group.",
    place)
private let affinity = property(
    "process.execCPUAffinity",
    "`execCPUAffinity` (object, OPTIONAL) specifies CPU affinity used to execute the process. This setting is not applicable to the container's init process.",
    place)
private let invalid = must(
    "valid-values.error",
    "Runtimes MUST generate an error when invalid or unsupported values are encountered.",
    "config.md#valid-values")
private let apparmor = property(
    "process.apparmorProfile",
    "`apparmorProfile` (string, OPTIONAL) specifies the name of the AppArmor profile for the process.", place)
private let selinux = property(
    "process.selinuxLabel", "`selinuxLabel` (string, OPTIONAL) specifies the SELinux label for the process.",
    place)

/// config.md, "Linux Process": scheduling, input and output, labels.
let schedulingSection = Section(
    "scheduling",
    [("SCHED_OTHER", 0), ("SCHED_BATCH", 3), ("SCHED_IDLE", 5)].map(policyCase) + [
        check("oci.scheduler.nice", "the nice value is set", scheduler, nice, needs: [.since("1.1.0")]) {
            bench throws(Stop) in
            bench.config.set("process.scheduler", #"{"policy": "SCHED_OTHER", "nice": 7}"#)
            let seen = try bench.run("scheduling").value("scheduling").member("nice")
            try require(seen == .integer(7), "nice 7", seen: seen?.text ?? "")
        },
        check(
            "oci.scheduler.unset",
            "without one the nice value is 0, whatever the caller's is, and so is the priority",
            nice, priority, needs: [.since("1.1.0")]
        ) { bench throws(Stop) in
            bench.config.set("process.scheduler", #"{"policy": "SCHED_OTHER"}"#)
            bench.ask(["scheduling"])
            let state = try bench.mustCreate(through: ["nice", "-n", "5"])
            try bench.mustStart()
            let seen = try bench.finish(state).value("scheduling")
            try require(
                seen.member("nice") == .integer(0) && seen.member("priority") == .integer(0),
                "nice 0 and priority 0", seen: seen.text)
        },
        // The kernel takes a period of 0 for the deadline.
        check(
            "oci.scheduler.deadline", "a deadline policy without a period", scheduler, period,
            needs: [.since("1.1.0"), .capability("CAP_SYS_NICE")]
        ) { bench throws(Stop) in
            bench.config.set(
                "process.scheduler",
                #"{"policy": "SCHED_DEADLINE", "runtime": 1000000, "deadline": 10000000}"#)
            let seen = try bench.run("scheduling").value("scheduling")
            try require(seen.member("policy") == .integer(6), "policy 6", seen: seen.text)
        },
        check(
            "oci.scheduler.fifo", "a real-time policy with its priority", scheduler,
            needs: [.since("1.1.0"), .realTime]
        ) { bench throws(Stop) in
            bench.config.set("process.scheduler", #"{"policy": "SCHED_FIFO", "priority": 3}"#)
            let seen = try bench.run("scheduling").value("scheduling")
            try require(
                seen.member("policy") == .integer(1) && seen.member("priority") == .integer(3),
                "policy 1 with priority 3", seen: seen.text)
        },
        check(
            "oci.scheduler.unknown", "a policy nobody knows is an error", scheduler, invalid,
            needs: [.since("1.1.0")]
        ) { bench throws(Stop) in
            bench.config.set("process.scheduler", #"{"policy": "SCHED_NONSENSE"}"#)
            try bench.mustNotRun("there is no policy SCHED_NONSENSE")
        },
        check(
            "oci.io-priority.best-effort", "class and priority of input and output are set", ioPriority,
            needs: [.since("1.1.0")]
        ) { bench throws(Stop) in
            bench.config.set("process.ioPriority", #"{"class": "IOPRIO_CLASS_BE", "priority": 6}"#)
            try bench.run("io-priority").expect("io-priority", "[2,6]")
        },
        check("oci.io-priority.idle", "the class idle is set", ioPriority, needs: [.since("1.1.0")]) {
            bench throws(Stop) in
            bench.config.set("process.ioPriority", #"{"class": "IOPRIO_CLASS_IDLE", "priority": 0}"#)
            let seen = try bench.run("io-priority").value("io-priority").elements.first
            try require(seen == .integer(3), "class 3", seen: seen?.text ?? "")
        },
        check(
            "oci.io-priority.unknown", "a class nobody knows is an error", ioPriority, invalid,
            needs: [.since("1.1.0")]
        ) { bench throws(Stop) in
            bench.config.set("process.ioPriority", #"{"class": "IOPRIO_CLASS_NONSENSE", "priority": 0}"#)
            try bench.mustNotRun("there is no class IOPRIO_CLASS_NONSENSE")
        },
        check(
            "oci.io-priority.range", "a priority beyond 7 is an error", ioRange, invalid,
            needs: [.since("1.1.0")]
        ) { bench throws(Stop) in
            for value in ["8", "-1"] {
                bench.config.set(
                    "process.ioPriority", #"{"class": "IOPRIO_CLASS_BE", "priority": \#(value)}"#)
                try bench.mustNotRun("a priority of \(value)")
            }
        },
        check(
            "oci.exec-affinity.init", "execCPUAffinity does not change the container's first process",
            affinity, needs: [.since("1.2.1")]
        ) {
            bench throws(Stop) in
            let before = try bench.run("affinity").text("affinity")
            bench.config.set("process.execCPUAffinity", #"{"initial": "0", "final": "0"}"#)
            try prepare("the output") { () throws(SystemError) in try removeFile(bench.output) }
            try bench.run("affinity").expect("affinity", before)
        },
        check(
            "oci.apparmor.unconfined", "the AppArmor profile is that of the configuration", apparmor,
            needs: [.securityModule("apparmor")]
        ) {
            bench throws(Stop) in
            bench.config.set("process.apparmorProfile", #""unconfined""#)
            try bench.run("read /proc/self/attr/apparmor/current").expect(
                "read /proc/self/attr/apparmor/current", "unconfined")
        },
        check(
            "oci.apparmor.unknown", "an AppArmor profile that is not loaded is an error", apparmor,
            needs: [.securityModule("apparmor")]
        ) {
            bench throws(Stop) in
            bench.config.set("process.apparmorProfile", #""conformance-no-such-profile""#)
            try bench.mustNotRun("there is no such profile")
        },
        check(
            "oci.selinux.label", "the SELinux label is that of the configuration", selinux,
            needs: [.securityModule("selinux")]
        ) {
            bench throws(Stop) in
            let label = try prepare("a label") { () throws(SystemError) in
                try readText("/proc/self/attr/current")
            }
            let text = String(label.prefix { $0 != "\0" && $0 != "\n" })
            bench.config.set("process.selinuxLabel", "\"\(text)\"")
            try bench.run("read /proc/self/attr/current").expect("read /proc/self/attr/current", text)
        },
    ])

private func policyCase(_ policy: (name: String, number: Int64)) -> Case<ContainerBench> {
    check(
        "oci.scheduler.\(policy.name)", "the policy \(policy.name) is set", scheduler,
        needs: [.since("1.1.0")]
    ) {
        bench throws(Stop) in
        bench.config.set("process.scheduler", #"{"policy": "\#(policy.name)"}"#)
        let seen = try bench.run("scheduling").value("scheduling").member("policy")
        try require(seen == .integer(policy.number), "policy \(policy.number)", seen: seen?.text ?? "")
    }
}

extension Need<Runtime> {
    /// Real-time policies: a cgroup without real-time budget has none, not even for root.
    static var realTime: Need {
        Need("real-time scheduling") { _ in
            do throws(SystemError) {
                let cpu = Hierarchy.of("cpu")
                if let cpu, !cpu.isUnified, cpu.hasFile("cpu.rt_runtime_us") {
                    return "new cgroups of this machine have no real-time budget (cpu.rt_runtime_us)"
                }
                let mine = try currentCapabilities().effective
                return mine & (1 << 23) == 0 ? "CAP_SYS_NICE is missing" : nil
            } catch { return "\(error)" }
        }
    }
}
