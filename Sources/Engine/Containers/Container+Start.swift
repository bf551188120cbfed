internal import ImageStore
internal import JSON
internal import Kernel
internal import OCISpec

extension Container {
    /// Starts the container. One that runs already is left alone.
    ///
    /// `leavesInputOpen`: whether standard input stays open when who is attached goes. `attached` runs between the creation of the
    /// container's process and its start, so that nothing it writes is missed.
    package func start(
        leavesInputOpen: Bool = true, attached: (Container, Running) throws(EngineError) -> Void = { _, _ in }
    ) throws(EngineError) {
        try locked { container throws(EngineError) in
            if let live = try container.state().live { return try attached(container, live) }
            var outcome = try container.outcome() ?? Outcome()
            (outcome.restarts, outcome.restartDelay, outcome.isStopped) = (0, 0, false)
            try container.begin(outcome, leavesInputOpen: leavesInputOpen, attached)
        }
    }

    /// Starts it; the caller holds the lock. What fails is undone, and remembered in `outcome.json`, or the container goes with it, as
    /// after any end.
    func begin(
        _ outcome: Outcome, leavesInputOpen: Bool,
        _ attached: (Container, Running) throws(EngineError) -> Void
    ) throws(EngineError) {
        var outcome = outcome
        // An end nobody has dealt with, or a start whose process was killed in the middle of it.
        try settle()
        do throws(EngineError) {
            let running = try launch(leavesInputOpen: leavesInputOpen, attached)
            (outcome.started, outcome.finished, outcome.exitCode) = (running.started, 0, 0)
            (outcome.error, outcome.wasOutOfMemory) = ("", false)
            try write(outcome)
            tell("start")
        } catch {
            let isCleared = (try? clear()) != nil
            if isCleared, record.removesItself {
                try? erase(withVolumes: true)
                throw error
            }
            outcome.error = error.message
            outcome.exitCode = error.kind.exitCode
            try write(outcome)
            throw error
        }
    }

    private func launch(
        leavesInputOpen: Bool, _ attached: (Container, Running) throws(EngineError) -> Void
    ) throws(EngineError) -> Running {
        let runtime = try engine.runtime(of: record)
        try EngineError.step("make \(bundle)") { () throws(SystemError) in
            try makeDirectories(bundle, mode: 0o711)
            try makeDirectories(runtime.root, mode: 0o711)
        }
        try mountRoot()
        try startNetwork()
        try writeConfiguration()
        let token = String(newIdentifier().prefix(16))
        let monitor = Monitor(
            program: try engine.programPath("conmon"), runtime: runtime, record: record, bundle: bundle,
            logPath: logPath,
            exitCommand: [engine.program] + OwnCommand(.end, paths: engine.paths, id: id, token: token).words,
            leavesInputOpen: leavesInputOpen)
        let running = try running(try monitor.create(), token)
        // Who waits for the end holds this file open, and reads it when the container may be gone with all its files.
        try EngineError.step("write \(bundle)/ended") { () throws(SystemError) in
            _ = try FileDescriptor.open(bundle + "/ended", [.create, .exclusive, .writeOnly], mode: 0o600)
        }
        try writeRecord(bundle + "/started.json", running.value, isDurable: false)
        try cancelRestart()
        try watchHealth(running)
        try attached(self, running)
        do throws(EngineError) { try runtime.run(["start", id], log: "\(bundle)/oci.log") } catch {
            throw EngineError(ofRuntime: "start", OCIRuntime.reason(in: "\(bundle)/oci.log") ?? error.message)
        }
        return running
    }

    private func running(_ pid: Int32, _ token: String) throws(EngineError) -> Running {
        try EngineError.step("find the processes of \(record.name)") { () throws(SystemError) in
            let text = try readText(bundle + "/conmon.pid")
            guard let monitor = Int32(text) else {
                throw SystemError(call: "read", subject: bundle + "/conmon.pid", errno: .invalidArgument)
            }
            return Running(
                process: try UniqueProcess(of: pid), monitor: try UniqueProcess(of: monitor),
                started: realtimeNanoseconds(), token: token)
        }
    }

    func mountRoot() throws(EngineError) {
        try EngineError.step("make \(root)") { () throws(SystemError) in
            for path in [root, folder + "/upper", folder + "/work"] { try makeDirectories(path, mode: 0o755) }
        }
        let store = try EngineError.images { () throws(ImageError) in try ImageStore(at: engine.paths.images)
        }
        // Where overlayfs is refused the layers were copied: the copy is the container's own.
        guard let entries = try? listDirectory(root), entries.isEmpty else { return }
        _ = try EngineError.images { () throws(ImageError) in
            try store.mountPlan(record.imageID, upper: folder + "/upper", work: folder + "/work").mount(
                on: root)
        }
    }
}

extension EngineError.Kind {
    /// What `run` ends with, and `inspect` shows, when a container could not be started.
    package var exitCode: Int32 {
        switch self {
        case .notExecutable: 126
        case .programNotFound: 127
        default: 125
        }
    }
}
