internal import Cgroups
internal import JSON
internal import Kernel
internal import OCISpec
internal import Seccomp

extension ContainerRuntime {
    /// Starts another process in a container. Not in the specification.
    ///
    /// Returns when the program runs (`detach`) or has ended; the answer is its exit code, or 0.
    public func exec(_ options: ExecOptions) throws(RuntimeError) -> Int32 {
        let plan = try execPlan(options)
        guard !options.detach else {
            let console = try consoleForDetached(options.process, socket: options.consoleSocket)
            _ = try ExecLauncher(plan: plan, warn: warn).launch(console: console)
            return 0
        }
        let signals = try RuntimeError.step("collect signals") { () throws(SystemError) in try SignalQueue() }
        var console = try ConsoleEnds(options.process, socket: options.consoleSocket)
        let pid = try ExecLauncher(plan: plan, warn: warn).launch(console: console.container.take())
        var foreground = try Foreground(pid: pid, signals: signals, console: console.runtime.take())
        return try foreground.run()
    }

    private func execPlan(_ options: ExecOptions) throws(RuntimeError) -> ExecPlan {
        let container = try find(ContainerID(options.id))
        let isPaused = if case .paused = container.state { true } else { false }
        guard container.state.permits(.exec) || (isPaused && options.ignorePaused),
            let target = container.process
        else { throw .notPermitted(id: options.id, operation: .exec, state: container.state) }
        let configuration = options.configuration
        do throws(JSONError) {
            try options.process.validate()
        } catch { throw .initFailed("process: \(error)") }
        warnOfCapabilities(options.process)
        let inherited = InheritedDescriptors(options.preservedDescriptors)
        try inherited.verify()
        return ExecPlan(
            options: options, inherited: inherited, container: container, target: target,
            namespaces: NamespacePlan(configuration.linux.namespaces), linux: configuration.linux,
            seccomp: try compile(configuration.linux.seccomp))
    }

    /// The filter of a profile, from the cache where it was compiled before.
    func compile(_ profile: OCISpec.Seccomp?) throws(RuntimeError) -> SeccompProgram? {
        guard let profile else { return nil }
        do throws(SeccompError) {
            return try compileSeccomp(profile, cacheDirectory: store.cacheDirectory)
        } catch { throw .unsupported(path: error.path, reason: error.reason) }
    }
}

/// What `exec` will do.
struct ExecPlan {
    let options: ExecOptions
    let inherited: InheritedDescriptors
    let container: Container
    let target: UniqueProcess
    let namespaces: NamespacePlan
    let linux: Linux
    let seccomp: SeccompProgram?
}
