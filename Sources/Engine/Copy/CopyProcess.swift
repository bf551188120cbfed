internal import Kernel

// The container's side is done by a process of its own, so that it can have mounts of its own. The other side hears from it by
// a pipe with an archive, and by another one with what went wrong.
extension Container {
    /// Runs `body`, with its start where it runs; one that does not run cannot be started meanwhile.
    func whileItIs(
        _ body: (Container, Running?) throws(EngineError) -> Void
    ) throws(EngineError) {
        if let live = try state().live { return try body(self, live) }
        try locked { container throws(EngineError) in
            let live = try container.state().live
            // What a killed process left half done is none of a copy's business.
            if live == nil { try container.settle() }
            try body(container, live)
        }
    }

    func newPipe() throws(EngineError) -> Pipe {
        try EngineError.step("make a pipe") { () throws(SystemError) in try Pipe() }
    }

    /// What is written to or read from: the end itself stays open until the process has said why it failed, so that the other one
    /// does not take the end of a broken copy for the copy's own.
    func copy(of end: borrowing FileDescriptor) throws(EngineError) -> FileDescriptor {
        do throws(SystemError) { return try end.duplicate() } catch { throw EngineError("\(error)") }
    }

    /// Closes an end of a pipe which only the other process needs, so that each sees the other one's death.
    func letGo(_ end: borrowing FileDescriptor) { _ = FileDescriptor(owning: end.rawValue) }

    func cloned(_ live: Running?) throws(EngineError) -> Cloned {
        try EngineError.step("start a process which copies") { () throws(SystemError) in
            try cloneProcess(live == nil ? .mount : [])
        }
    }

    /// The whole life of the process on the container's side: it says what went wrong, and ends. Never returns.
    func serve(
        _ failure: borrowing FileDescriptor, _ body: () throws(EngineError) -> Void
    ) {
        do throws(EngineError) { try body() } catch {
            // Nobody is left to be told where that fails.
            try? failure.write(error.message)
            exitNow(1)
        }
        exitNow(0)
    }

    /// Waits for the other process, which is ended when this one has failed; what failed first is thrown.
    func awaitCopy(
        _ pid: Int32, _ child: borrowing FileDescriptor, _ failure: consuming FileDescriptor,
        _ own: EngineError?
    ) throws(EngineError) {
        let (text, status) = try EngineError.step("wait for the copy") { () throws(SystemError) in
            if own != nil { try sendSignal(Signal.kill, to: child) }
            return (String(decoding: try failure.readAll(), as: UTF8.self), try waitForExit(pid))
        }
        if !text.isEmpty { throw EngineError(text) }
        if let own { throw own }
        guard status == .exited(0) else { throw EngineError("the copy ended with \(status.text)") }
    }
}
