internal import Cgroups
internal import Kernel
internal import OCISpec

/// Brings one more process into a running container.
struct ExecLauncher {
    let plan: ExecPlan
    let warn: @Sendable (String) -> Void

    /// Starts the process, and returns when it has become the user's program.
    ///
    /// - Throws: ``RuntimeError``; what failed inside is told in the process's own words.
    func launch(console: consuming FileDescriptor?) throws(RuntimeError) -> Int32 {
        let files = ExecFiles(target: try openTarget(), console: console)
        let entry = try openCgroup()
        if let cpus = plan.options.process.execCPUAffinity?.initial {
            try setAffinity(cpus, key: "process.execCPUAffinity.initial")
        }
        switch try birth(files.target).make(in: entry) {
        case .container(let channel):
            ExecProcess(plan: plan, files: files, sync: channel).run()
        case .runtime(let newborn):
            let pid = newborn.pid
            do throws(RuntimeError) {
                try converse(with: newborn)
            } catch {
                try? sendSignal(Signal.kill, to: pid)  // the first error is the one to tell
                _ = try? waitForExit(pid)
                throw error
            }
            return pid
        }
    }

    /// With a user namespace one process in between joins everything; without one the runtime joins the pid
    /// namespace, which only its child is then in, and the child the rest.
    private func birth(_ target: borrowing FileDescriptor) throws(RuntimeError) -> Birth {
        let held = plan.namespaces.held
        let number = target.rawValue
        if plan.namespaces.hasUserNamespace {
            return Birth(stagehand: { () throws(RuntimeError) in try joinNamespaces(held, of: number) })
        }
        try joinNamespaces(held.intersection(.pid), of: number)
        return Birth()
    }

    private func openTarget() throws(RuntimeError) -> FileDescriptor {
        let handle = try RuntimeError.step("open the container's process") { () throws(SystemError) in
            try plan.target.open()
        }
        guard let handle else {
            throw .notPermitted(id: plan.container.id.text, operation: .exec, state: .stopped)
        }
        return handle
    }

    private func openCgroup() throws(RuntimeError) -> CgroupEntry {
        try RuntimeError.cgroup { () throws(CgroupError) in
            try Cgroup(saved: plan.container.record.cgroups)
                .entry(subgroups: plan.options.cgroups, companion: plan.target.pid)
        }
    }

    private func converse(with newborn: borrowing Newborn) throws(RuntimeError) {
        let pid = newborn.pid
        while true {
            switch try newborn.channel.receive() {
            case .warning(let text): warn(text)
            case .notifies(let number):
                try SeccompListener(plan.linux.seccomp, plan.container.record)
                    .hand(number, of: newborn, status: plan.container.state.name, first: plan.target.pid)
                try newborn.channel.answer(.proceed)
            case .ready:
                try ProcessLimits(plan.options.process).apply(to: pid)
                try newborn.handOver(to: plan.options.pidfdSocket)
                try ContainerRuntime.writePidFile(plan.options.pidFile, pid)
                try newborn.channel.answer(.proceed)
            case .failed(let text): throw .initFailed(text)
            case nil: return  // closed by execve(2)
            case .needsIDMaps, .needsHooks, .proceed, .made, .independent:
                throw .initFailed("the container's process spoke out of turn")
            }
        }
    }
}

/// Enters the namespaces of the process behind the descriptor `target`. setns(2) with a pidfd.
func joinNamespaces(_ kinds: NamespaceSet, of target: Int32) throws(RuntimeError) {
    guard !kinds.isEmpty else { return }
    try RuntimeError.step("join the container's namespaces") { () throws(SystemError) in
        try enterNamespaces(target, kinds)
    }
}
