internal import JSON
internal import Kernel
internal import OCISpec

/// What `update` changes; what is `nil` or empty stays as it is.
package struct ContainerUpdate: Sendable {
    package var limits = ContainerRecord.Limits()
    package var restart: ContainerRecord.RestartPolicy?

    package init() {}

    package var isEmpty: Bool { limits == ContainerRecord.Limits() && restart == nil }

    /// The record with what is changed.
    package func applied(to record: ContainerRecord) -> ContainerRecord {
        var record = record
        record.limits.take(limits)
        if let restart { record.restart = restart }
        return record
    }
}

extension ContainerRecord.Limits {
    fileprivate mutating func take(_ new: Self) {
        memory = new.memory ?? memory
        memoryAndSwap = new.memoryAndSwap ?? memoryAndSwap
        memoryReservation = new.memoryReservation ?? memoryReservation
        nanoCPUs = new.nanoCPUs ?? nanoCPUs
        cpuShares = new.cpuShares ?? cpuShares
        cpuPeriod = new.cpuPeriod ?? cpuPeriod
        cpuQuota = new.cpuQuota ?? cpuQuota
        if !new.cpus.isEmpty { cpus = new.cpus }
        if !new.memoryNodes.isEmpty { memoryNodes = new.memoryNodes }
        pids = new.pids ?? pids
    }
}

extension Container {
    /// Changes its limits, at once where it runs, and its restart policy.
    package func update(_ update: ContainerUpdate) throws(EngineError) {
        try locked { container throws(EngineError) in
            if let policy = update.restart, policy.kind != .no, container.record.removesItself {
                throw EngineError(
                    "Restart policy cannot be updated because AutoRemove is enabled for the container",
                    .conflict)
            }
            let record = update.applied(to: container.record)
            var facts = SpecFacts(rootfs: container.root, cgroupPath: "/apus-\(id)")
            facts.limitsSwap = machineLimitsSwap()
            var resources = try Resources(container: record, facts)
            resources.devices = []
            if update.limits != ContainerRecord.Limits(), try container.state().live != nil {
                try container.apply(resources)
            }
            try engine.write(record)
            Container(record, of: engine).tell("update")
        }
    }

    private func apply(_ resources: Resources) throws(EngineError) {
        let path = bundle + "/update-" + String(newIdentifier().prefix(16)) + ".json"
        defer { try? removeFileIfPresent(path) }
        try EngineError.step("write \(path)") { () throws(SystemError) in
            try FileDescriptor.open(path, [.create, .exclusive, .writeOnly], mode: 0o600).write(
                resources.json.text)
        }
        try engine.runtime(of: record).run(["update", "--resources", path, id], log: bundle + "/oci.log")
    }
}
