internal import Cgroups
internal import Kernel
internal import OCISpec

extension ContainerRuntime {
    /// Lets the container's first process become the user's program. runtime.md, "Start".
    ///
    /// Where `manager` wants to hear that the container is ready, this returns when it has been told, or when the
    /// container has ended.
    public func start(_ id: String, for manager: ServiceManager = ServiceManager()) throws(RuntimeError) {
        let id = try ContainerID(id)
        let lock = try store.lock(id)
        let container = try find(id)
        guard container.state.permits(.start) else {
            throw .notPermitted(id: id.text, operation: .start, state: container.state)
        }
        var proxy: ReadinessProxy?
        try start(container, for: manager, &proxy)
        _ = consume lock
        guard let proxy = proxy.take() else { return }
        do throws(SystemError) { try proxy.wait() } catch { warn("NOTIFY_SOCKET: \(error)") }
    }

    /// Lets the program of a container that was just found, or made, run. `proxy` becomes what listens to the
    /// container, which nobody waits for here.
    func start(
        _ container: Container, for manager: ServiceManager, _ proxy: inout ReadinessProxy?
    ) throws(RuntimeError) {
        proxy = readinessProxy(container, manager)
        try StartSignal(fifo: store.fifoPath(container.id), id: container.id).send()
        do throws(RuntimeError) {
            try runPoststartHooks(container)
        } catch {
            // runtime.md, "Lifecycle", step 9. What is left is a stopped container, which the caller deletes. The hook's
            // error is the one to tell.
            try? end(container, Cgroup(saved: container.record.cgroups))
            throw error
        }
    }

    private func runPoststartHooks(_ container: Container) throws(RuntimeError) {
        guard container.record.hasPoststartHooks else { return }
        let hooks = try store.configuration(container.id).hooks.poststart
        try HookRunner(record: container.record)
            .run(hooks, phase: "poststart", status: "running", pid: container.state.pid)
    }
}

/// The runtime's side of the fifo a created container waits at. See ``WaitingProcess``.
struct StartSignal {
    let fifo: String
    let id: ContainerID
    private static let word = "1"

    /// Wakes the process, and waits until it is the user's program or has failed.
    ///
    /// - Throws: ``RuntimeError/initFailed(_:)`` with the process's own words.
    func send() throws(RuntimeError) {
        let writer = try open()
        try RuntimeError.step("start container \(id.text)") { () throws(SystemError) in
            try writer.write(Self.word)
            // No event asked for: the kernel reports the last reader's end, which execve(2) is, anyway.
            _ = try waitForReadiness([(writer.rawValue, [])])
        }
        let failure = try failureText()
        try RuntimeError.step("start container \(id.text)") { () throws(SystemError) in try removeFile(fifo) }
        // Our own word: it has not been read.
        if failure == Self.word { throw .initFailed("the container's process ended before it was started") }
        if !failure.isEmpty { throw .initFailed(failure) }
    }

    private func open() throws(RuntimeError) -> FileDescriptor {
        do throws(SystemError) {
            return try FileDescriptor.open(fifo, [.writeOnly, .nonBlocking])
        } catch {
            let isDeserted = error.errno == .noDeviceOrAddress
            // With it an earlier `start`, killed when the program ran already, would leave a created container for ever.
            if isDeserted { try? removeFile(fifo) }
            let reason = isDeserted ? "its process does not wait: it runs already, or has ended" : "\(error)"
            throw .system(step: "start container \(id.text)", reason: reason)
        }
    }

    /// What the process wrote before it ended. The writer must still be open, or the text is gone.
    private func failureText() throws(RuntimeError) -> String {
        try RuntimeError.step("start container \(id.text)") { () throws(SystemError) in
            do throws(SystemError) {
                let bytes = try FileDescriptor.open(fifo, .nonBlocking).read(upTo: 8192)
                return String(decoding: bytes, as: UTF8.self)
            } catch {
                if error.errno == .tryAgain { return "" }
                throw error
            }
        }
    }
}
