internal import Cgroups
internal import Kernel
internal import OCISpec

/// Brings the container's first process to life, and speaks with it until it waits for `start`.
struct Launcher {
    let plan: CreatePlan
    let id: ContainerID
    let store: StateStore
    let warn: @Sendable (String) -> Void

    /// Starts the process. `undo` gets the step that ends it again.
    ///
    /// - Throws: ``RuntimeError``; what failed inside the container's process is told in its own words.
    func launch(
        in cgroup: borrowing Cgroup, console: consuming FileDescriptor?, _ undo: inout UndoStack
    ) throws(RuntimeError) -> UniqueProcess {
        let files = try openFiles(console)
        let entry = try RuntimeError.cgroup { () throws(CgroupError) in try cgroup.entry() }
        let stagehand = plan.namespaces.stagehand(plan.configuration.linux.timeOffsets)
        let birth = Birth(
            namespaces: plan.namespaces.atBirth, ownNamespaces: plan.namespaces.madeBeforeCgroup,
            stagehand: stagehand)
        switch try birth.make(in: entry) {
        case .container(let channel):
            InitProcess(plan: plan, files: files, sync: channel).run()
        case .runtime(let newborn):
            let pid = newborn.pid
            undo.push {
                // The process is this one's child and not reaped yet: the pid is nobody else's.
                try? sendSignal(Signal.kill, to: pid)
                _ = try? waitForExit(pid)
            }
            // While the process makes its namespaces and mounts: the kernel takes its time to verify a device program.
            // Nothing of the container's runs before this is done.
            try RuntimeError.cgroup { () throws(CgroupError) in
                try cgroup.allowDevices(plan.configuration.linux.resources.devices)
            }
            return try converse(with: newborn)
        }
    }

    private func openFiles(_ console: consuming FileDescriptor?) throws(RuntimeError) -> InheritedFiles {
        let fifo = try RuntimeError.step("make the exec fifo") { () throws(SystemError) in
            try makeFIFO(store.fifoPath(id), mode: 0o600)
            return try FileDescriptor.open(store.fifoPath(id), [.readWrite])
        }
        return InheritedFiles(fifo: fifo, console: console, mounts: try HostMounts(plan.rootfs))
    }
}

extension Launcher {
    /// Answers the process until it is ready, and notes it in the state directory.
    private func converse(with newborn: borrowing Newborn) throws(RuntimeError) -> UniqueProcess {
        let pid = newborn.pid
        while true {
            switch try newborn.channel.receive() {
            case .needsIDMaps:
                let linux = plan.configuration.linux
                try IDMaps(users: linux.uidMappings, groups: linux.gidMappings).write(for: pid)
                try newborn.channel.answer(.proceed)
            case .needsHooks:
                try meet(pid)
                try newborn.channel.answer(.proceed)
            case .warning(let text): warn(text)
            case .notifies(let number):
                try SeccompListener(plan.configuration.linux.seccomp, plan.record)
                    .hand(number, of: newborn, status: "creating", first: pid)
                try newborn.channel.answer(.proceed)
            case .ready:
                let identity = try admit(newborn)
                try newborn.channel.answer(.proceed)
                guard try newborn.channel.receive() == .independent else {
                    throw .initFailed(try causeOfDeath(pid))
                }
                return identity
            case .failed(let text): throw .initFailed(text)
            case .proceed, .made, .independent: throw .initFailed("the container's process spoke out of turn")
            case nil: throw .initFailed(try causeOfDeath(pid))
            }
        }
    }

    /// The rootfs stands, the namespaces exist: devices move, hooks run.
    private func meet(_ pid: Int32) throws(RuntimeError) {
        for device in plan.configuration.linux.netDevices { try moveNetDevice(device, toNamespaceOf: pid) }
        let runner = HookRunner(record: plan.record)
        let hooks = plan.configuration.hooks
        try runner.run(hooks.prestart, phase: "prestart", status: "creating", pid: pid)
        try runner.run(hooks.createRuntime, phase: "createRuntime", status: "creating", pid: pid)
    }

    /// The process has done its part: limits that only the runtime may set, then its name goes on record.
    private func admit(_ newborn: borrowing Newborn) throws(RuntimeError) -> UniqueProcess {
        let pid = newborn.pid
        try ProcessLimits(plan.process).apply(to: pid)
        try newborn.handOver(to: plan.options.pidfdSocket)
        let identity = try RuntimeError.step("identify process \(pid)") { () throws(SystemError) in
            try UniqueProcess(of: pid)
        }
        try store.save(identity, for: id)
        return identity
    }

    private func causeOfDeath(_ pid: Int32) throws(RuntimeError) -> String {
        // Killed and reaped by the undo; the status is read here, without taking it away.
        let status = try RuntimeError.step("learn how process \(pid) ended") { () throws(SystemError) in
            try peekAtExit(pid)
        }
        guard case .signaled(let number) = status else { return "the container's process ended: \(status)" }
        let limit = plan.configuration.linux.resources.memory?.limit
        let hint =
            number == Signal.kill && (limit ?? -1) > 0
            ? "; linux.resources.memory.limit (\(limit ?? 0) bytes) may be too low to start a program" : ""
        return "the container's process was killed by signal \(number)\(hint)"
    }
}
