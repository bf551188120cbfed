internal import OCISpec

extension Resources {
    init(container record: ContainerRecord, _ facts: SpecFacts) throws(EngineError) {
        self.init()
        devices = record.isPrivileged ? [DeviceRule(allow: true)] : deviceRules(facts.devices)
        let limits = record.limits
        memory = try Memory(limits, limitsSwap: facts.limitsSwap)
        cpu = try CPU(limits)
        // Docker and everybody: 0 and -1 are no limit.
        if let count = limits.pids {
            var pids = Pids()
            pids.limit = count > 0 ? count : -1
            self.pids = pids
        }
    }
}

extension Resources.DeviceRule {
    init(
        allow: Bool, _ type: Kind = .all, _ major: Int64? = nil, _ minor: Int64? = nil, access: String = "rwm"
    ) {
        self.init()
        (self.allow, self.type, self.major, self.minor) = (allow, type, major, minor)
        self.access = access
    }
}

/// Nothing, but the devices every container has, nodes of any, and what was asked for.
private func deviceRules(_ devices: [HostDevice]) -> [Resources.DeviceRule] {
    var rules = [Resources.DeviceRule(allow: false)]
    rules += [.character, .block].map { Resources.DeviceRule(allow: true, $0, access: "m") }
    // null, zero, full, random, urandom; tty, console, ptmx; the terminals of pts.
    let common: [(Int64, Int64?)] = [
        (1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 1), (5, 2), (136, nil),
    ]
    rules += common.map { Resources.DeviceRule(allow: true, .character, $0.0, $0.1) }
    return rules
        + devices.map {
            Resources.DeviceRule(
                allow: true, $0.isBlock ? .block : .character, Int64($0.major), Int64($0.minor),
                access: $0.access)
        }
}

/// Less than this no container starts with. Docker's number.
private let leastMemory: Int64 = 6 << 20

extension Resources.Memory {
    fileprivate init?(_ limits: ContainerRecord.Limits, limitsSwap: Bool) throws(EngineError) {
        self.init()
        try Self.check(limits)
        limit = limits.memory
        reservation = limits.memoryReservation
        swap = limits.memoryAndSwap
        if let memory = limits.memory, memory > 0, swap == nil, limitsSwap {
            swap = limits.usualMemoryAndSwap
        }
        if limits.disablesOOMKiller { disableOOMKiller = true }
        guard self != Resources.Memory() else { return nil }
    }

    private static func check(_ limits: ContainerRecord.Limits) throws(EngineError) {
        if let memory = limits.memory, memory > 0, memory < leastMemory {
            throw EngineError("Minimum memory limit allowed is 6MB", .invalid)
        }
        if let swap = limits.memoryAndSwap, swap > 0 {
            guard let memory = limits.memory, memory > 0 else {
                throw EngineError(
                    "You should always set the Memory limit when using Memoryswap limit, see usage", .invalid)
            }
            guard swap >= memory else {
                throw EngineError(
                    "Minimum memoryswap limit should be larger than memory limit, see usage", .invalid)
            }
        }
        if let reservation = limits.memoryReservation, let memory = limits.memory, memory > 0,
            reservation > memory
        {
            throw EngineError(
                "Minimum memory limit can not be less than memory reservation limit, see usage", .invalid)
        }
    }
}

extension Resources.CPU {
    fileprivate init?(_ limits: ContainerRecord.Limits) throws(EngineError) {
        self.init()
        shares = limits.cpuShares.map { UInt64(max($0, 0)) }
        quota = limits.cpuQuota
        period = limits.cpuPeriod.map { UInt64(max($0, 0)) }
        if let billionths = limits.nanoCPUs, billionths > 0 {
            guard quota == nil, period == nil else {
                throw EngineError(
                    "Conflicting options: Nano CPUs and CPU Period or Quota cannot both be set.", .conflict)
            }
            period = 100_000
            quota = billionths / 10_000
        }
        if !limits.cpus.isEmpty { cpus = limits.cpus }
        if !limits.memoryNodes.isEmpty { mems = limits.memoryNodes }
        guard self != Resources.CPU() else { return nil }
    }
}
