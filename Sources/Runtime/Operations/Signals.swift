internal import Cgroups
internal import Kernel

extension ContainerRuntime {
    /// Sends `signal` to the container's first process, or with `all` to every process. runtime.md, "Kill".
    public func kill(_ id: String, signal: Int32, all: Bool) throws(RuntimeError) {
        let container = try find(ContainerID(id))
        let cgroup = Cgroup(saved: container.record.cgroups)
        if all {
            // Runtimes before this one are asked for it after the first process has gone, too.
            return try RuntimeError.cgroup { () throws(CgroupError) in try cgroup.signalAll(signal) }
        }
        guard container.state.permits(.kill), let process = container.process else {
            throw .notPermitted(id: id, operation: .kill, state: container.state)
        }
        let isAlive = try RuntimeError.step("kill container \(id)") { () throws(SystemError) in
            guard let handle = try process.open() else { return false }
            return try Self.signal(handle, signal)
        }
        // It ended between two looks.
        guard isAlive else { throw .notPermitted(id: id, operation: .kill, state: .stopped) }
        guard signal == Signal.kill else { return }
        // A frozen process of cgroup v1 dies only when it runs again, and it may have been frozen a moment ago.
        if cgroup.isFrozen { try RuntimeError.cgroup { () throws(CgroupError) in try cgroup.thaw() } }
    }

    /// Sends a signal; `false` when the process has ended, which may happen at any moment.
    static func signal(_ process: borrowing FileDescriptor, _ signal: Int32) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try sendSignal(signal, to: process)
            return true
        } catch {
            if error.errno == .noProcess { return false }
            throw error
        }
    }

    /// Stops every process of the container where it stands. Not in the specification.
    ///
    /// Not in the middle of a `start`: it would wait for a process that is frozen, and nobody could end it.
    public func pause(_ id: String) throws(RuntimeError) {
        let lock = try store.lock(ContainerID(id))
        let container = try find(id, for: .pause)
        try RuntimeError.cgroup { () throws(CgroupError) in
            try Cgroup(saved: container.record.cgroups).freeze()
        }
        _ = consume lock
    }

    /// Lets a paused container go on.
    public func resume(_ id: String) throws(RuntimeError) {
        let container = try find(id, for: .resume)
        try RuntimeError.cgroup { () throws(CgroupError) in try Cgroup(saved: container.record.cgroups).thaw()
        }
    }
}
