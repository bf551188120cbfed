internal import ImageStore
internal import Kernel

extension Container {
    /// Deals with an end, or with a start that was killed half way, if nobody has yet; the caller holds the lock.
    ///
    /// Nothing to do is no error. A container which runs is left alone. `restarts`: whether its policy may have it start again.
    func settle(restarts: Bool = false) throws(EngineError) {
        guard fileExists(bundle) else { return }
        guard let running = try? running() else { return try clear() }
        if running.process.isAlive { return }
        awaitExitFile(running)
        var ended = try currentOutcome()
        let stored = try outcome() ?? Outcome()
        (ended.restarts, ended.restartDelay, ended.isStopped) = (
            stored.restarts, stored.restartDelay, stored.isStopped
        )
        // Who waits is told even where the disk is full.
        say(ended.exitCode)
        // Before the rest: it cannot be found out again.
        try write(ended)
        tell("die", ["exitCode": String(ended.exitCode)])
        var failure: EngineError?
        if restarts {
            // Before the start is taken away: there is no moment at which it has ended for good.
            do throws(EngineError) { try restartByPolicy() } catch { failure = error }
        }
        try clear()
        if let failure { throw failure }
    }

    /// The same for a container which is to go: nothing has to be written down any more, for the disk may be full.
    func settleToRemove() throws(EngineError) {
        guard fileExists(bundle) else { return }
        if let running = try? running() {
            if running.process.isAlive { return }
            awaitExitFile(running)
            let code = exitFile()?.code ?? 255
            say(code)
            tell("die", ["exitCode": String(code)])
        }
        do throws(EngineError) { try clear(isLast: true) } catch {
            // A plugin may have to write: the container's own files make room, what its program has printed first of all.
            try EngineError.images { () throws(ImageError) in try MountPlan.unmount(root) }
            try EngineError.step("remove the files of \(record.name)") { () throws(SystemError) in
                for name in ["container.log", "upper", "work"] { try removeTree(name, in: folder) }
            }
            try clear(isLast: true)
        }
    }

    /// Takes away everything of a start: the runtime's container, the network's interfaces, the mount, the bundle. `isLast`: there will
    /// be no further one.
    func clear(isLast: Bool = false) throws(EngineError) {
        endMonitorOfHalfMadeStart()
        // The kernel takes its time for an interface, in which the runtime does its work. A runtime that has gone does none.
        if let runtime = try? engine.runtime(of: record) {
            try runtime.forgetting(id) { () throws(EngineError) in try stopNetwork(isLast: isLast) }
        } else {
            try stopNetwork(isLast: isLast)
        }
        for path in [root, sharedMemoryPath] {
            try EngineError.images { () throws(ImageError) in try MountPlan.unmount(path) }
        }
        let isAwaited = !isLast && isToBeStarted
        try EngineError.step("remove \(bundle)") { () throws(SystemError) in
            guard isAwaited else { return try removeTree(id, in: engine.paths.bundles) }
            for name in try listDirectory(bundle) where name != PendingRestart.file {
                try removeTree(name, in: bundle)
            }
        }
    }

    /// Writes the exit code for those who wait, where they have it open.
    private func say(_ code: Int32) {
        // Who does not find it there reads the outcome.
        do throws(SystemError) {
            try FileDescriptor.open(bundle + "/ended", [.writeOnly, .truncate]).write("\(code)\n")
        } catch {}
    }

    /// conmon writes the exit code a moment after the process has ended; without conmon nobody does.
    private func awaitExitFile(_ running: Running) {
        while exitFile() == nil, running.monitor.isAlive { pause(milliseconds: 1) }
    }

    /// Whoever started the container died before he wrote down what he started: conmon may still be at it.
    private func endMonitorOfHalfMadeStart() {
        guard !fileExists(bundle + "/started.json"), let text = try? readText(bundle + "/conmon.pid"),
            let pid = Int32(text), let monitor = try? UniqueProcess(of: pid), isOurMonitor(pid),
            let handle = (try? monitor.open()) ?? nil
        else { return }
        // While the runtime makes the container there is nothing that could be deleted.
        let deadline = monotonicMilliseconds() + 5000
        while !fileExists(bundle + "/pid"), monitor.isAlive, monotonicMilliseconds() < deadline {
            pause(milliseconds: 5)
        }
        try? sendSignal(Signal.kill, to: handle)
        _ = try? waitForEnd(of: handle, milliseconds: 1000)
    }

    /// Whether the process is this container's conmon and not another one with a number that is used again.
    private func isOurMonitor(_ pid: Int32) -> Bool {
        guard let bytes = try? readFile("/proc/\(pid)/cmdline") else { return false }
        return bytes.split(separator: 0).contains { $0.elementsEqual(id.utf8) }
    }
}

extension ContainerEngine {
    /// Deals with the end conmon tells of. A later start is left alone.
    func containerExited(_ notice: OwnCommand) throws(EngineError) {
        guard let record = try record(notice.id) else { return }
        do throws(EngineError) {
            try Container(record, of: self).locked { container throws(EngineError) in
                guard try container.running()?.token == notice.token else { return }
                try container.finish()
            }
        } catch {
            // Removed while it waited for the lock: nothing is left to do.
            if error.kind != .notFound { throw error }
        }
    }
}

extension Container {
    /// Deals with an end, then with what the container was asked to do after it: to go, or to start again. The caller holds the lock.
    func finish() throws(EngineError) {
        if record.removesItself, !isToBeStarted {
            try settleToRemove()
            return try erase(withVolumes: true)
        }
        try settle(restarts: true)
    }

    /// Takes it away for good; it does not run. The caller holds the lock.
    func erase(withVolumes: Bool) throws(EngineError) {
        try removeNetwork()
        if withVolumes { try removeAnonymousVolumes() }
        try engine.forget(record)
        tell("destroy")
    }
}
