internal import Cgroups
internal import Kernel
internal import OCISpec

extension ContainerRuntime {
    /// Removes a stopped container, or with `force` any. runtime.md, "Delete".
    ///
    /// What a killed `create` or `delete` left is removed the same way: each step bears being done twice.
    public func delete(_ id: String, force: Bool) throws(RuntimeError) {
        let id = try ContainerID(id)
        let lock = try store.lock(id)
        let container = force ? try findDamaged(id) : try find(id)
        // The lock is held: nobody is making a container which has no process yet.
        guard force || container.process == nil || container.state.permits(.delete) else {
            throw .notPermitted(id: id.text, operation: .delete, state: container.state)
        }
        try remove(container)
        _ = consume lock
    }

    /// Ends the container and removes all that belongs to it. The caller holds its lock.
    func remove(_ container: Container) throws(RuntimeError) {
        let cgroup = Cgroup(saved: container.record.cgroups)
        try end(container, cgroup)
        try RuntimeError.cgroup { () throws(CgroupError) in try cgroup.remove() }
        runPoststopHooks(container)
        try RuntimeError.step("remove the state of \(container.id.text)") { () throws(SystemError) in
            try store.remove(container.id)
        }
    }

    /// The container, also where its record is damaged: what it holds is then worked out anew from its configuration.
    private func findDamaged(_ id: ContainerID) throws(RuntimeError) -> Container {
        do throws(RuntimeError) { return try find(id) } catch {
            guard case .system = error else { throw error }
            warn("\(error); its cgroup is looked for where config.json wants it")
        }
        var record = ContainerRecord(unfinished: id)
        // Damaged, too: then nothing can be known of a cgroup.
        if let configuration = try? store.configuration(id) {
            record.cgroups = try RuntimeError.cgroup { () throws(CgroupError) in
                try CgroupPlan(
                    layout: CgroupLayout.detect(), cgroupsPath: configuration.linux.cgroupsPath, id: id.text,
                    isRootless: effectiveUserID() != 0
                ).saved
            }
        }
        let process = try store.initProcess(id)
        return Container(id: id, record: record, process: process, state: .stopped)
    }

    /// Kills what still runs, and waits for the first process to end.
    func end(_ container: Container, _ cgroup: borrowing Cgroup) throws(RuntimeError) {
        try RuntimeError.step("end container \(container.id.text)") { () throws(SystemError) in
            guard let process = container.process, let handle = try process.open() else { return }
            guard try Self.signal(handle, Signal.kill) else { return }
            // With a pid namespace of its own it takes all others with it, and nobody is left to be frozen.
            if !cgroup.isFrozen { _ = try waitForEnd(of: handle, milliseconds: 100) }
        }
        // Without one, it takes nobody with it.
        try RuntimeError.cgroup { () throws(CgroupError) in try cgroup.killAll() }
        try RuntimeError.step("end container \(container.id.text)") { () throws(SystemError) in
            guard let process = container.process, let handle = try process.open() else { return }
            guard try waitForEnd(of: handle, milliseconds: 10_000) else {
                throw SystemError(call: "wait", subject: "\(process.pid)", errno: .busy)
            }
        }
    }

    private func runPoststopHooks(_ container: Container) {
        guard container.record.hasPoststopHooks else { return }
        do throws(RuntimeError) {
            let hooks = try store.configuration(container.id).hooks.poststop
            HookRunner(record: container.record)
                .runAll(hooks, phase: "poststop", status: "stopped", pid: nil, warn: warn)
        } catch { warn("poststop hooks: \(error)") }
    }
}
