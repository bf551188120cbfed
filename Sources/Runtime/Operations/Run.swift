internal import Kernel
internal import OCISpec

extension ContainerRuntime {
    /// Creates, starts, and unless detached waits. The answer is the exit code of the program.
    public func run(_ options: CreateOptions, _ run: RunOptions) throws(RuntimeError) -> Int32 {
        let (configuration, bytes) = try readConfiguration(options)
        if run.detach {
            let console = try consoleForDetached(configuration.process, socket: options.consoleSocket)
            _ = try create(options, configuration, bytes, console: console)
            try startOrDelete(options.id)
            return 0
        }
        // Blocked from here on: Ctrl-C during the creation reaches the container instead of killing the
        // runtime over a half-made one.
        let signals = try RuntimeError.step("collect signals") { () throws(SystemError) in
            if !run.noSubreaper { try setChildSubreaper(true) }
            return try SignalQueue()
        }
        var console = try ConsoleEnds(configuration.process, socket: options.consoleSocket)
        let process = try create(options, configuration, bytes, console: console.container.take())
        try startOrDelete(options.id)
        var foreground = try Foreground(pid: process.pid, signals: signals, console: console.runtime.take())
        let code = try foreground.run()
        if !run.keep { try delete(options.id, force: true) }
        return code
    }

    private func startOrDelete(_ id: String) throws(RuntimeError) {
        do throws(RuntimeError) {
            try start(id)
        } catch {
            try? delete(id, force: true)  // the first error is the one to tell
            throw error
        }
    }
}
