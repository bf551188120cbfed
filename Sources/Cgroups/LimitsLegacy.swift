internal import OCISpec

extension Limit {
    /// What `resources` means for v1 hierarchies, devices left out. config-linux.md, "Control groups".
    /// `isNew` says that nothing has been written to the cgroup, so that the kernel's defaults need not be.
    static func legacy(_ resources: Resources, isNew: Bool) throws(CgroupError) -> [Limit] {
        if let file = resources.unified.first {
            throw .invalid("unified", file.name, "the limits of this machine are in cgroup v1")
        }
        var limits: [Limit] = []
        if let cpu = resources.cpu { limits += try legacyCPU(cpu) + cpuset(cpu) }
        if let memory = resources.memory { limits += try legacyMemory(memory, isNew: isNew) }
        limits += pids(resources)
        if let io = resources.blockIO { limits += try legacyIO(io) }
        limits += try hugepages(resources, "limit_in_bytes")
        if let network = resources.network { limits += legacyNetwork(network) }
        return limits + rdma(resources)
    }

    private static func legacyCPU(_ cpu: Resources.CPU) throws(CgroupError) -> [Limit] {
        var limits: [Limit] = []
        // An idle cgroup has no shares; the kernel refuses to set them.
        if let shares = given(cpu.shares), cpu.idle != 1 {
            guard (2...262_144).contains(shares) else {
                throw .invalid("cpu.shares", shares, "must be from 2 to 262144")
            }
            limits.append(Limit("cpu", "cpu.shares", "\(shares)", "cpu.shares"))
        }
        // A new period may not fit the old quota, a burst not the old quota: those two can wait for the third.
        if let period = given(cpu.period) {
            limits.append(Limit("cpu", "cpu.cfs_period_us", "\(period)", "cpu.period", mayHaveToWait: true))
        }
        if let burst = cpu.burst {
            limits.append(Limit("cpu", "cpu.cfs_burst_us", "\(burst)", "cpu.burst", mayHaveToWait: true))
        }
        if let quota = given(cpu.quota) {
            limits.append(Limit("cpu", "cpu.cfs_quota_us", "\(quota < 0 ? -1 : quota)", "cpu.quota"))
        }
        if let idle = cpu.idle { limits.append(Limit("cpu", "cpu.idle", "\(idle)", "cpu.idle")) }
        if let period = given(cpu.realtimePeriod) {
            limits.append(
                Limit("cpu", "cpu.rt_period_us", "\(period)", "cpu.realtimePeriod", mayHaveToWait: true))
        }
        if let runtime = given(cpu.realtimeRuntime) {
            limits.append(Limit("cpu", "cpu.rt_runtime_us", "\(runtime)", "cpu.realtimeRuntime"))
        }
        return limits
    }

    private static func legacyMemory(_ memory: Resources.Memory, isNew: Bool) throws(CgroupError) -> [Limit] {
        var limits: [Limit] = []
        let swapFile = "memory.memsw.limit_in_bytes"
        // Memory may not exceed memory and swap: while both grow, swap goes first.
        if let limit = given(memory.limit) {
            limits.append(
                Limit("memory", "memory.limit_in_bytes", "\(limit)", "memory.limit", mayHaveToWait: true))
            if limit == -1, given(memory.swap) == nil {
                limits.append(Limit("memory", swapFile, "-1", "memory.limit", mayBeMissing: true))
            }
        }
        if let swap = given(memory.swap) {
            limits.append(Limit("memory", swapFile, "\(swap)", "memory.swap", mayBeMissing: swap == -1))
        }
        if let reservation = given(memory.reservation) {
            limits.append(
                Limit("memory", "memory.soft_limit_in_bytes", "\(reservation)", "memory.reservation"))
        }
        if let bytes = given(memory.kernelTCP) {
            limits.append(Limit("memory", "memory.kmem.tcp.limit_in_bytes", "\(bytes)", "memory.kernelTCP"))
        }
        // UInt64.max is how old engines write "not set".
        if let swappiness = memory.swappiness, swappiness != .max {
            guard swappiness <= 100 else {
                throw .invalid("memory.swappiness", swappiness, "must be from 0 to 100")
            }
            limits.append(Limit("memory", "memory.swappiness", "\(swappiness)", "memory.swappiness"))
        }
        if let disable = memory.disableOOMKiller, disable || !isNew {
            limits.append(
                Limit("memory", "memory.oom_control", disable ? "1" : "0", "memory.disableOOMKiller"))
        }
        return limits
    }

    private static func legacyIO(_ io: Resources.BlockIO) throws(CgroupError) -> [Limit] {
        var limits: [Limit] = []
        if let weight = given(io.weight) {
            limits.append(Limit("blkio", weightFiles("weight", "\(try checked(weight))"), "blockIO.weight"))
        }
        if let weight = given(io.leafWeight) {
            limits.append(Limit("blkio", "blkio.leaf_weight", "\(weight)", "blockIO.leafWeight"))
        }
        for device in io.weightDevice {
            let number = "\(device.major):\(device.minor)"
            if let weight = given(device.weight) {
                let files = weightFiles("weight_device", "\(number) \(try checked(weight))")
                limits.append(Limit("blkio", files, "blockIO.weightDevice"))
            }
            if let weight = given(device.leafWeight) {
                limits.append(
                    Limit("blkio", "blkio.leaf_weight_device", "\(number) \(weight)", "blockIO.weightDevice"))
            }
        }
        let throttles = [
            (io.throttleReadBpsDevice, "read_bps", "throttleReadBpsDevice"),
            (io.throttleWriteBpsDevice, "write_bps", "throttleWriteBpsDevice"),
            (io.throttleReadIOPSDevice, "read_iops", "throttleReadIOPSDevice"),
            (io.throttleWriteIOPSDevice, "write_iops", "throttleWriteIOPSDevice"),
        ]
        for (devices, kind, path) in throttles {
            limits += devices.map {
                Limit(
                    "blkio", "blkio.throttle.\(kind)_device", "\($0.major):\($0.minor) \($0.rate)",
                    "blockIO.\(path)")
            }
        }
        return limits
    }

    /// The BFQ scheduler, the only one left that weighs, has its own names.
    private static func weightFiles(_ suffix: String, _ value: String) -> [File] {
        [File(name: "blkio.\(suffix)", value: value), File(name: "blkio.bfq.\(suffix)", value: value)]
    }

    private static func legacyNetwork(_ network: Resources.Network) -> [Limit] {
        var limits: [Limit] = []
        if let id = given(network.classID) {
            limits.append(Limit("net_cls", "net_cls.classid", "\(id)", "network.classID"))
        }
        return limits
            + network.priorities.map {
                Limit("net_prio", "net_prio.ifpriomap", "\($0.name) \($0.priority)", "network.priorities")
            }
    }
}

// What v1 and v2 have alike.
extension Limit {
    static func cpuset(_ cpu: Resources.CPU) -> [Limit] {
        var limits: [Limit] = []
        if let cpus = cpu.cpus, !cpus.isEmpty {
            limits.append(Limit("cpuset", "cpuset.cpus", cpus, "cpu.cpus"))
        }
        if let mems = cpu.mems, !mems.isEmpty {
            limits.append(Limit("cpuset", "cpuset.mems", mems, "cpu.mems"))
        }
        return limits
    }

    static func pids(_ resources: Resources) -> [Limit] {
        guard let limit = resources.pids?.limit else { return [] }
        return [
            Limit("pids", "pids.max", limit > 0 ? "\(limit)" : "max", "pids.limit", mayBeMissing: limit <= 0)
        ]
    }

    /// The second file counts reservations, which a process makes before it uses a page; kernels before 5.7 lack it.
    static func hugepages(_ resources: Resources, _ suffix: String) throws(CgroupError) -> [Limit] {
        var limits: [Limit] = []
        for huge in resources.hugepageLimits {
            guard isPageSize(huge.pageSize) else {
                throw .invalid(
                    "hugepageLimits.pageSize", huge.pageSize, "must be a size like 64KB, 2MB or 1GB")
            }
            for (kind, mayBeMissing) in [("", false), (".rsvd", true)] {
                let file = "hugetlb.\(huge.pageSize)\(kind).\(suffix)"
                limits.append(
                    Limit("hugetlb", file, "\(huge.limit)", "hugepageLimits", mayBeMissing: mayBeMissing))
            }
        }
        return limits
    }

    /// It becomes a part of a file name.
    private static func isPageSize(_ text: String) -> Bool {
        ["KB", "MB", "GB"].contains(where: text.hasSuffix) && UInt64(text.dropLast(2)).map { $0 > 0 } == true
            && text.first != "+"
    }

    static func rdma(_ resources: Resources) -> [Limit] {
        resources.rdma.map { limit in
            var words = [limit.device]
            if let handles = limit.hcaHandles { words.append("hca_handle=\(handles)") }
            if let objects = limit.hcaObjects { words.append("hca_object=\(objects)") }
            return Limit("rdma", "rdma.max", words.joined(separator: " "), "rdma.\(limit.device)")
        }
    }

    static func checked(_ weight: UInt16) throws(CgroupError) -> UInt16 {
        guard (10...1000).contains(weight) else {
            throw .invalid("blockIO.weight", weight, "must be from 10 to 1000")
        }
        return weight
    }
}
