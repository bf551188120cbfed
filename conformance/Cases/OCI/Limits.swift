import JSON
import Kernel
import Suite

private let place = "config.md#posix-process"

private let unknownType = must(
    "rlimits.unknown",
    "The runtime MUST generate an error for any values which cannot be mapped to a relevant kernel interface.",
    place)
private let succeed = must(
    "rlimits.getrlimit", "For each entry in `rlimits`, a `getrlimit(3)` on `type` MUST succeed.", place)
private let soft = must("rlimits.soft", "`rlim.rlim_cur` MUST match the configured value.", place)
private let hard = must("rlimits.hard", "`rlim.rlim_max` MUST match the configured value.", place)
private let duplicates = must(
    "rlimits.duplicates",
    "If `rlimits` contains duplicated entries with same `type`, the runtime MUST generate an error.", place)
private let oomSet = must(
    "process.oomScoreAdj.set",
    "If `oomScoreAdj` is set, the runtime MUST set `oom_score_adj` to the given value.",
    "config.md#linux-process")
private let oomUnset = must(
    "process.oomScoreAdj.unset",
    "If `oomScoreAdj` is not set, the runtime MUST NOT change the value of `oom_score_adj`.",
    "config.md#linux-process")

/// The limits of getrlimit(2), by the kernel's numbers.
private let limits: [(name: String, number: Int)] = [
    ("CPU", 0), ("FSIZE", 1), ("DATA", 2), ("STACK", 3), ("CORE", 4), ("RSS", 5), ("NPROC", 6), ("NOFILE", 7),
    ("MEMLOCK", 8), ("AS", 9), ("LOCKS", 10), ("SIGPENDING", 11), ("MSGQUEUE", 12), ("NICE", 13),
    ("RTPRIO", 14),
    ("RTTIME", 15),
]

/// config.md, "POSIX process", and the oom score.
let limitsSection = Section(
    "limits",
    limits.map(limitCase) + [
        check(
            "oci.rlimits.infinity", "a limit can be infinite", soft, hard,
            needs: [.capability("CAP_SYS_RESOURCE")]
        ) {
            bench throws(Stop) in
            bench.config.set(
                "process.rlimits",
                #"[{"type": "RLIMIT_CORE", "soft": 18446744073709551615, "hard": 18446744073709551615}]"#)
            try bench.run("limit 4").expect("limit 4", "[18446744073709551615,18446744073709551615]")
        },
        check("oci.rlimits.unknown", "a limit the kernel does not have is an error", unknownType) {
            bench throws(Stop) in
            bench.config.set("process.rlimits", #"[{"type": "RLIMIT_NONSENSE", "soft": 1, "hard": 1}]"#)
            try bench.mustNotRun("there is no limit RLIMIT_NONSENSE")
        },
        check("oci.rlimits.duplicates", "the same limit twice is an error", duplicates) {
            bench throws(Stop) in
            bench.config.set(
                "process.rlimits",
                #"[{"type": "RLIMIT_CORE", "soft": 1, "hard": 1}, {"type": "RLIMIT_CORE", "soft": 0, "hard": 1}]"#
            )
            try bench.mustNotRun("RLIMIT_CORE is there twice")
        },
        check("oci.rlimits.order", "a soft limit above the hard one is an error", unknownType) {
            bench throws(Stop) in
            bench.config.set("process.rlimits", #"[{"type": "RLIMIT_CORE", "soft": 2, "hard": 1}]"#)
            try bench.mustNotRun("the soft limit is above the hard one")
        },
        check("oci.oom-score.set", "the oom score adjustment is set", oomSet) { bench throws(Stop) in
            bench.config.set("process.oomScoreAdj", "321")
            try bench.run("read /proc/self/oom_score_adj").expect("read /proc/self/oom_score_adj", "321")
        },
        check("oci.oom-score.unset", "without one the oom score adjustment stays the caller's", oomUnset) {
            bench throws(Stop) in
            try prepare("a score") { () throws(SystemError) in try writeFile("/proc/self/oom_score_adj", "77")
            }
            try bench.run("read /proc/self/oom_score_adj").expect("read /proc/self/oom_score_adj", "77")
        },
    ])

private func limitCase(_ limit: (name: String, number: Int)) -> Case<ContainerBench> {
    check(
        "oci.rlimits.\(limit.name)", "RLIMIT_\(limit.name) is what process.rlimits says", soft, hard, succeed
    ) {
        bench throws(Stop) in
        let now = try prepare("a look") { () throws(SystemError) in try currentLimit(Int32(limit.number)) }
        // Below what is now, which needs no capability; what is 0 now can only be 0.
        let hard = min(now.hard, 1 << 40)
        let soft = hard > 8 ? hard - 7 : hard
        bench.config.set(
            "process.rlimits", #"[{"type": "RLIMIT_\#(limit.name)", "soft": \#(soft), "hard": \#(hard)}]"#)
        try bench.run("limit \(limit.number)").expect("limit \(limit.number)", "[\(soft),\(hard)]")
    }
}
