internal import Kernel
internal import OCISpec

/// Open files the runtime leaves to a process started by `exec`.
struct ExecFiles: ~Copyable {
    /// The container's first process, whose namespaces are joined.
    let target: FileDescriptor
    var console: FileDescriptor?
}

/// A process started by `exec`, from its birth to the user's program: one function a stage, in this order.
struct ExecProcess: ~Copyable {
    private let plan: ExecPlan
    private let sync: SyncChannel
    private var files: ExecFiles
    private var setup: ProcessSetup

    init(plan: ExecPlan, files: consuming ExecFiles, sync: consuming SyncChannel) {
        self.plan = plan
        self.sync = sync
        self.files = files
        setup = ProcessSetup(
            plan.options.process, linux: plan.linux, seccomp: plan.seccomp,
            inheritedDescriptors: plan.inherited.count)
    }

    /// Ends as the user's program, or with exit code 1 after the runtime was told why.
    consuming func run() -> Never {
        do throws(RuntimeError) {
            try joinNamespaces()
            try prepareProgram()
            try closeOthers(than: sync.file.rawValue, inherited: plan.inherited.count)
            try setup.loadNotifyingFilter(sync)
            try sync.ask(.ready)
            try letGoOfRuntime()
            try setup.becomeProgram()
        } catch {
            try? sync.send(.failed("\(error)"))  // best effort: a runtime that is gone needs no answer
            exitNow(1)
        }
    }

    private func joinNamespaces() throws(RuntimeError) {
        if let cpus = plan.options.process.execCPUAffinity?.final {
            try setAffinity(cpus, key: "process.execCPUAffinity.final")
        }
        if plan.namespaces.hasUserNamespace {
            // The stagehand joined everything.
            try becomeNamespaceRoot()
        } else {
            try Runtime.joinNamespaces(plan.namespaces.held.subtracting(.pid), of: files.target.rawValue)
        }
        try RuntimeError.step("start a session") { () throws(SystemError) in try startSession() }
    }

    private mutating func prepareProgram() throws(RuntimeError) {
        if let console = files.console.take() {
            try openConsole(size: plan.options.process.consoleSize, socket: console) {
                _ throws(RuntimeError) in
            }
        }
        try setup.prepare(ProcHandle.open(), keyring: plan.container.record.keyring)
    }

    private func letGoOfRuntime() throws(RuntimeError) {
        try RuntimeError.step("let go of the runtime") { () throws(SystemError) in try setParentDeathSignal(0)
        }
    }
}
