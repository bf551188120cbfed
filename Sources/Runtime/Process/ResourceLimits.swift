internal import Kernel
internal import OCISpec

/// Names of setrlimit(2), by the numbers they have on x86 and ARM.
private let limitNames = [
    "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC",
    "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE",
    "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
]

/// Turns `process.rlimits` into numbers. config.md, "POSIX process", `rlimits`.
///
/// - Throws: ``RuntimeError/unsupported(path:reason:)`` for a name which is unknown or comes twice, and for a soft
///   limit above the hard one.
func resourceLimits(_ limits: [Rlimit]) throws(RuntimeError) -> [ResourceLimit] {
    var found: [ResourceLimit] = []
    for (index, limit) in limits.enumerated() {
        let path = "process.rlimits[\(index)]"
        guard let number = limitNames.firstIndex(of: limit.type) else {
            throw .unsupported(path: "\(path).type", reason: "unknown limit '\(limit.type)'")
        }
        guard !found.contains(where: { $0.resource == Int32(number) }) else {
            throw .unsupported(path: "\(path).type", reason: "\(limit.type) is there twice")
        }
        guard limit.soft <= limit.hard else {
            throw .unsupported(
                path: "\(path).soft", reason: "\(limit.soft) is above the hard limit \(limit.hard)")
        }
        found.append(ResourceLimit(resource: Int32(number), soft: limit.soft, hard: limit.hard))
    }
    return found
}

/// Sets `process.rlimits` on the process `pid`, or on this one for 0. prlimit(2).
func applyRlimits(_ limits: [Rlimit], to pid: Int32 = 0) throws(RuntimeError) {
    for (index, limit) in try resourceLimits(limits).enumerated() {
        try RuntimeError.step("set \(limits[index].type) (process.rlimits[\(index)])") {
            () throws(SystemError) in try setLimit(limit, of: pid)
        }
    }
}
