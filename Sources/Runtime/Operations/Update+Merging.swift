internal import OCISpec

extension Resources {
    /// These resources with what `change` sets; what it leaves out stays. Device rules cannot be updated.
    func updated(with change: Resources) -> Resources {
        var result = self
        result.cpu = (cpu ?? CPU()).updated(with: change.cpu ?? CPU())
        result.memory = (memory ?? Memory()).updated(with: change.memory ?? Memory())
        result.blockIO = (blockIO ?? BlockIO()).updated(with: change.blockIO ?? BlockIO())
        if let limit = change.pids?.limit {
            result.pids = result.pids ?? Pids()
            result.pids?.limit = limit
        }
        if !change.hugepageLimits.isEmpty { result.hugepageLimits = change.hugepageLimits }
        if let network = change.network { result.network = network }
        if !change.rdma.isEmpty { result.rdma = change.rdma }
        if !change.unified.isEmpty {
            let names = change.unified.map(\.name)
            result.unified = unified.filter { !names.contains($0.name) } + change.unified
        }
        return result
    }
}

extension Resources.CPU {
    fileprivate func updated(with change: Self) -> Self {
        var result = self
        result.shares = change.shares ?? shares
        result.quota = change.quota ?? quota
        result.period = change.period ?? period
        result.burst = change.burst ?? burst
        result.realtimeRuntime = change.realtimeRuntime ?? realtimeRuntime
        result.realtimePeriod = change.realtimePeriod ?? realtimePeriod
        result.cpus = change.cpus ?? cpus
        result.mems = change.mems ?? mems
        result.idle = change.idle ?? idle
        // The kernel refuses a weight for an idle cgroup.
        if change.idle == 1, change.shares == nil { result.shares = nil }
        return result
    }
}

extension Resources.Memory {
    fileprivate func updated(with change: Self) -> Self {
        var result = self
        result.limit = change.limit ?? limit
        result.reservation = change.reservation ?? reservation
        result.swap = change.swap ?? swap
        result.kernel = change.kernel ?? kernel
        result.kernelTCP = change.kernelTCP ?? kernelTCP
        result.swappiness = change.swappiness ?? swappiness
        result.disableOOMKiller = change.disableOOMKiller ?? disableOOMKiller
        result.useHierarchy = change.useHierarchy ?? useHierarchy
        result.checkBeforeUpdate = change.checkBeforeUpdate ?? checkBeforeUpdate
        return result
    }
}

extension Resources.BlockIO {
    fileprivate func updated(with change: Self) -> Self {
        var result = self
        result.weight = change.weight ?? weight
        result.leafWeight = change.leafWeight ?? leafWeight
        if !change.weightDevice.isEmpty { result.weightDevice = change.weightDevice }
        if !change.throttleReadBpsDevice.isEmpty {
            result.throttleReadBpsDevice = change.throttleReadBpsDevice
        }
        if !change.throttleWriteBpsDevice.isEmpty {
            result.throttleWriteBpsDevice = change.throttleWriteBpsDevice
        }
        if !change.throttleReadIOPSDevice.isEmpty {
            result.throttleReadIOPSDevice = change.throttleReadIOPSDevice
        }
        if !change.throttleWriteIOPSDevice.isEmpty {
            result.throttleWriteIOPSDevice = change.throttleWriteIOPSDevice
        }
        return result
    }
}
