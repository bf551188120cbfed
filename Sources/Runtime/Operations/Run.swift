internal import Kernel
internal import OCISpec

extension ContainerRuntime {
    /// Creates, starts, and unless detached waits. The answer is the exit code of the program.
    public func run(_ options: CreateOptions, _ run: RunOptions) throws(RuntimeError) -> Int32 {
        let (configuration, bytes) = try readConfiguration(options)
        if run.detach {
            let console = try consoleForDetached(configuration.process, socket: options.consoleSocket)
            _ = try create(options, configuration, bytes, console: console)
            try deletingOnFailure(options.id) { () throws(RuntimeError) in
                try start(options.id, for: options.serviceManager)
            }
            return 0
        }
        // Blocked from here on: Ctrl-C during the creation reaches the container instead of killing the
        // runtime over a half-made one.
        let signals = try RuntimeError.step("collect signals") { () throws(SystemError) in
            if !run.noSubreaper { try setChildSubreaper(true) }
            return try SignalQueue()
        }
        var console = try ConsoleEnds(configuration.process, socket: options.consoleSocket)
        // What this process has made it need not look up again.
        let container = try create(options, configuration, bytes, console: console.container.take())
        var proxy: ReadinessProxy?
        try deletingOnFailure(options.id) { () throws(RuntimeError) in
            let lock = try store.lock(container.id)
            try start(container, for: options.serviceManager, &proxy)
            _ = consume lock
        }
        var foreground = try Foreground(
            pid: container.process?.pid ?? 0, signals: signals, console: console.runtime.take())
        foreground.proxy = proxy.take()
        let code = try foreground.run()
        if !run.keep { removeEnded(container) }
        return code
    }

    /// The program's exit code is the answer, whatever becomes of the rest.
    private func removeEnded(_ container: Container) {
        do throws(RuntimeError) {
            let lock = try store.lock(container.id)
            try remove(container)
            _ = consume lock
        } catch {
            // Somebody else deleted it, which is what ended it.
            if case .unknown = error { return }
            warn("\(error)")
        }
    }

    private func deletingOnFailure(
        _ id: String, _ start: () throws(RuntimeError) -> Void
    ) throws(RuntimeError) {
        do throws(RuntimeError) {
            try start()
        } catch {
            try? delete(id, force: true)  // the first error is the one to tell
            throw error
        }
    }
}
