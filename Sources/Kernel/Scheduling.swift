internal import CKernel

/// A limit of getrlimit(2): what the kernel enforces, and how far a process may raise that.
package struct ResourceLimit: Hashable, Sendable {
    /// The number of the resource, for example 7 for `RLIMIT_NOFILE`.
    package var resource: Int32
    package var soft: UInt64
    package var hard: UInt64

    package init(resource: Int32, soft: UInt64, hard: UInt64) {
        self.resource = resource
        self.soft = soft
        self.hard = hard
    }
}

/// Sets a limit of the process `pid`, or of this one for 0. prlimit(2).
///
/// - Throws: ``SystemError`` with `EPERM` for a hard limit above the present one without `CAP_SYS_RESOURCE`,
///   `EINVAL` for a soft limit above the hard one.
package func setLimit(_ limit: ResourceLimit, of pid: Int32 = 0) throws(SystemError) {
    _ = try check("prlimit", "\(limit.soft):\(limit.hard)") {
        ck_set_limit(pid, limit.resource, limit.soft, limit.hard)
    }
}

/// The limit `resource` of the process `pid`, or of this one for 0. prlimit(2).
package func currentLimit(_ resource: Int32, of pid: Int32 = 0) throws(SystemError) -> ResourceLimit {
    var limit = ResourceLimit(resource: resource, soft: 0, hard: 0)
    _ = try check("prlimit") { ck_get_limit(pid, resource, &limit.soft, &limit.hard) }
    return limit
}

/// What sched_setattr(2) sets; the numbers are the kernel's.
package struct SchedulingAttributes: Hashable, Sendable {
    package var policy: UInt32 = 0
    package var nice: Int32 = 0
    package var priority: UInt32 = 0
    package var flags: UInt64 = 0
    /// Nanoseconds, like the next two; for the deadline policy.
    package var runtime: UInt64 = 0
    package var deadline: UInt64 = 0
    package var period: UInt64 = 0

    package init() {}
}

/// Sets how this process is scheduled. sched_setattr(2).
package func setScheduling(_ attributes: SchedulingAttributes) throws(SystemError) {
    var raw = ck_scheduler(
        policy: attributes.policy, nice: attributes.nice, priority: attributes.priority,
        flags: attributes.flags, runtime: attributes.runtime, deadline: attributes.deadline,
        period: attributes.period)
    _ = try check("sched_setattr") { ck_set_scheduler(0, &raw) }
}

/// Sets the CPUs the process `pid`, or this one for 0, may run on; bit N is CPU N. sched_setaffinity(2).
///
/// - Throws: ``SystemError`` with `EINVAL` when none of them is there and allowed by the cpuset.
package func setAffinity(_ mask: [UInt64], of pid: Int32 = 0) throws(SystemError) {
    _ = try check("sched_setaffinity") { ck_set_affinity(pid, mask, mask.count * 8) }
}

/// The CPUs this process may run on; bit N is CPU N. sched_getaffinity(2).
package func currentAffinity() throws(SystemError) -> [UInt64] {
    var mask = [UInt64](repeating: 0, count: 128)
    let count = try check("sched_getaffinity") { ck_get_affinity(0, &mask, mask.count * 8) }
    return Array(mask.prefix((Int(count) + 7) / 8))
}

/// Sets class (1 real time, 2 best effort, 3 idle) and level of this process's input and output. ioprio_set(2).
package func setIOPriority(class kind: Int32, level: Int32) throws(SystemError) {
    _ = try check("ioprio_set") { ck_set_io_priority(0, kind << 13 | level) }
}

/// Class and level of this process's input and output, as ``setIOPriority(class:level:)`` takes them. ioprio_get(2).
package func currentIOPriority() throws(SystemError) -> (class: Int32, level: Int32) {
    let value = try check("ioprio_get") { ck_get_io_priority(0) }
    return (value >> 13, value & 7)
}

/// Sets from which NUMA nodes this process gets memory; bit N is node N, `mode` is `MPOL_...` with its flags.
///
/// - Throws: ``SystemError`` with `ENOSYS` from a kernel without NUMA. set_mempolicy(2).
package func setMemoryPolicy(mode: Int32, nodes: [UInt64]) throws(SystemError) {
    _ = try check("set_mempolicy") {
        // The kernel counts one less than it is told.
        ck_set_memory_policy(
            mode, nodes.isEmpty ? nil : nodes, nodes.isEmpty ? 0 : UInt(nodes.count * 64 + 1))
    }
}

/// Sets the execution domain, for example 8 for `PER_LINUX32`. personality(2).
package func setPersonality(_ domain: UInt) throws(SystemError) {
    _ = try check("personality") { ck_set_personality(domain) }
}
