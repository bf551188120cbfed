internal import Kernel
internal import OCISpec

/// The kernel's numbers for `process.scheduler`. config.md, "Linux Process", and sched_setattr(2).
///
/// - Throws: ``RuntimeError/unsupported(path:reason:)`` for values which the policy has no use for.
func schedulingAttributes(_ scheduler: Scheduler) throws(RuntimeError) -> SchedulingAttributes {
    let isDeadline = scheduler.policy == .deadline
    let isRealTime = scheduler.policy == .fifo || scheduler.policy == .roundRobin
    if !isRealTime && scheduler.priority != 0 {
        throw .unsupported(
            path: "process.scheduler.priority", reason: "only SCHED_FIFO and SCHED_RR have a priority")
    }
    if isRealTime && !(1...99).contains(scheduler.priority) {
        throw .unsupported(
            path: "process.scheduler.priority", reason: "\(scheduler.priority) is not in 1...99")
    }
    if !isDeadline && (scheduler.runtime, scheduler.deadline, scheduler.period) != (0, 0, 0) {
        throw .unsupported(
            path: "process.scheduler", reason: "only SCHED_DEADLINE has a runtime, a deadline and a period")
    }
    guard (-20...19).contains(scheduler.nice) else {
        throw .unsupported(path: "process.scheduler.nice", reason: "\(scheduler.nice) is not in -20...19")
    }
    var attributes = SchedulingAttributes()
    attributes.policy = number(of: scheduler.policy)
    attributes.nice = scheduler.nice
    attributes.priority = UInt32(scheduler.priority)
    attributes.flags = scheduler.flags.reduce(0) { $0 | bit(of: $1) }
    attributes.runtime = scheduler.runtime
    attributes.deadline = scheduler.deadline
    attributes.period = scheduler.period
    return attributes
}

private func number(of policy: Scheduler.Policy) -> UInt32 {
    switch policy {
    case .other: 0
    case .fifo: 1
    case .roundRobin: 2
    case .batch: 3
    case .iso: 4
    case .idle: 5
    case .deadline: 6
    }
}

private func bit(of flag: Scheduler.Flag) -> UInt64 {
    switch flag {
    case .resetOnFork: 0x01
    case .reclaim: 0x02
    case .deadlineOverrun: 0x04
    case .keepPolicy: 0x08
    case .keepParameters: 0x10
    case .utilizationClampMinimum: 0x20
    case .utilizationClampMaximum: 0x40
    }
}

/// Sets `process.scheduler` on this process. sched_setattr(2).
func apply(_ scheduler: Scheduler) throws(RuntimeError) {
    let attributes = try schedulingAttributes(scheduler)
    try RuntimeError.step("set \(scheduler.policy.rawValue) (process.scheduler)") { () throws(SystemError) in
        try setScheduling(attributes)
    }
}

/// Sets `process.ioPriority` on this process. ioprio_set(2).
func apply(_ priority: IOPriority) throws(RuntimeError) {
    guard (0...7).contains(priority.priority) else {
        throw .unsupported(
            path: "process.ioPriority.priority", reason: "\(priority.priority) is not in 0...7")
    }
    let kind: Int32 =
        switch priority.class {
        case .realtime: 1
        case .bestEffort: 2
        case .idle: 3
        }
    let name = priority.class.rawValue
    try RuntimeError.step("set \(name) (process.ioPriority)") { () throws(SystemError) in
        try setIOPriority(class: kind, level: priority.priority)
    }
}

/// Lets this process run on the CPUs of `list` only, which stands at `key` of the configuration. sched_setaffinity(2).
func setAffinity(_ list: String, key: String) throws(RuntimeError) {
    guard let cpus = NumberList(list) else {
        throw .unsupported(path: key, reason: "'\(list)' is not a list of CPUs like 0-3,7")
    }
    try RuntimeError.step("run on CPUs \(list) (\(key))") { () throws(SystemError) in
        try setAffinity(cpus.words)
    }
}
