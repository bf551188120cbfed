internal import Kernel
internal import OCISpec

/// The container's first process, from its birth to the user's program: one function a stage, in this order.
///
/// Until the runtime has saved the container's state, the process dies with the runtime. Afterwards it waits
/// at the fifo and holds nothing but its standard streams and the fifo.
struct InitProcess: ~Copyable {
    private let plan: CreatePlan
    private let sync: SyncChannel
    private var files: InheritedFiles
    private var setup: ProcessSetup

    init(plan: CreatePlan, files: consuming InheritedFiles, sync: consuming SyncChannel) {
        self.plan = plan
        self.sync = sync
        self.files = files
        setup = ProcessSetup(
            plan.process, linux: plan.configuration.linux, seccomp: plan.seccomp,
            inheritedDescriptors: plan.inherited.count)
    }

    /// Ends as the user's program, or with exit code 1 after the runtime was told why.
    consuming func run() -> Never {
        do throws(RuntimeError) {
            try enterUserNamespace()
            try joinNamespaces()
            try makeNamespaces()
            try setNames()
            try enterRootfs()
            try setup.loadNotifyingFilter(sync)
            try sync.ask(.ready)
            // The state is saved: from here on the process may outlive the runtime, which waits to hear of it.
            try RuntimeError.step("let go of the runtime") { () throws(SystemError) in
                try setParentDeathSignal(0)
            }
            try sync.send(.independent)
        } catch {
            try? sync.send(.failed("\(error)"))  // best effort: a runtime that is gone needs no answer
            exitNow(1)
        }
        let waiting = WaitingProcess(
            setup: setup, hooks: plan.configuration.hooks.startContainer, record: plan.record)
        waiting.run(fifo: files.fifo)
    }

    private func enterUserNamespace() throws(RuntimeError) {
        guard plan.namespaces.hasUserNamespace else { return }
        if plan.namespaces.atBirth.contains(.user) {
            // /proc files of a process that is not dumpable belong to root: the maps of an ordinary user's
            // container could not be written. Nobody else is in the new namespaces yet.
            try setDumpable(true, "let the id maps be written")
            try sync.ask(.needsIDMaps)
            try setDumpable(false, "hide the process again")
        }
        try becomeNamespaceRoot()
    }

    private func setDumpable(_ dumpable: Bool, _ step: String) throws(RuntimeError) {
        try RuntimeError.step(step) { () throws(SystemError) in try Kernel.setDumpable(dumpable) }
    }

    private func joinNamespaces() throws(RuntimeError) {
        if !plan.namespaces.needsStagehand { try plan.namespaces.enter() }
        try RuntimeError.step("start a session") { () throws(SystemError) in try startSession() }
    }

    private func makeNamespaces() throws(RuntimeError) {
        let kinds = plan.namespaces.madeInside
        let left = kinds.subtracting(plan.namespaces.madeBeforeCgroup)
        try RuntimeError.step("make the container's namespaces") { () throws(SystemError) in
            if !left.isEmpty { try unshareNamespaces(left) }
        }
        if kinds.contains(.network) { try bringLoopbackUp() }
    }

    private func setNames() throws(RuntimeError) {
        try RuntimeError.step("set the host and domain name") { () throws(SystemError) in
            if let name = plan.configuration.hostname { try setHostname(name) }
            if let name = plan.configuration.domainname { try setDomainname(name) }
        }
    }

    /// Mounts, devices, hooks, pivot, terminal, masks: the container's view of files; then the program in it.
    private mutating func enterRootfs() throws(RuntimeError) {
        // Opened before any mount of the container exists, so none of them can stand in /proc's way.
        let proc = try ProcHandle.open()
        guard let mounts = files.mounts.take() else { fatalError("the rootfs is built once") }
        var builder = try RootfsBuilder(plan.rootfs, mounts)
        try builder.mountAll(cgroups: plan.cgroups)
        try builder.makeDevices()
        // The rootfs stands but is not `/` yet: the moment config.md has for these hooks.
        if plan.needsMeeting { try sync.ask(.needsHooks) }
        try HookRunner(record: plan.record).run(
            plan.configuration.hooks.createContainer, phase: "createContainer", status: "creating",
            pid: processID())
        try builder.pivot()
        if let console = files.console.take() {
            try openConsole(size: plan.process.consoleSize, socket: console) {
                terminal throws(RuntimeError) in
                try builder.mountConsole(terminal)
            }
        }
        try proc.applySysctls(plan.configuration.linux.sysctl)
        try builder.makeWorkingDirectory(plan.process.cwd)
        try builder.finish()
        try setup.prepare(proc, keyring: plan.record.keyring)
    }
}
