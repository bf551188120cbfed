internal import ImageStore
internal import Kernel

extension ContainerEngine {
    /// Copies files between the host and a container, or from and to an archive on the standard streams.
    package func copy(_ request: CopyRequest) throws(EngineError) {
        switch (request.source, request.target) {
        case (.container, .container):
            throw EngineError("copying between containers is not supported", .invalid)
        case (.container(let name, let path), let target):
            try container(name).whileItIs { container, live throws(EngineError) in
                try container.copyOut(path, to: target, request, live)
            }
        case (let source, .container(let name, let path)):
            try container(name).whileItIs { container, live throws(EngineError) in
                try container.copyIn(source, to: path, request, live)
            }
        default: throw EngineError("must specify at least one container source", .invalid)
        }
    }
}

// The container's side is done by a process of its own, so that it can have mounts of its own. The other side hears from it by
// a pipe with an archive, and by another one with what went wrong.
extension Container {
    /// Runs `body`, with its start where it runs; one that does not run cannot be started meanwhile.
    fileprivate func whileItIs(
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

    fileprivate func copyOut(
        _ path: String, to target: CopyRequest.Side, _ request: CopyRequest, _ live: Running?
    ) throws(EngineError) {
        let pipe = try newPipe()
        let failure = try newPipe()
        switch try cloned(live) {
        case .child:
            letGo(pipe.reader)
            serve(failure.writer) { () throws(EngineError) in
                let side = CopySide(try openRoot(live), path, shown: "\(record.name):\(path)")
                let output = target == .stream ? FileDescriptor(owning: 1) : try copy(of: pipe.writer)
                _ = try side.pack(to: output, followsLink: request.followsLink)
            }
        case .parent(let pid, let child):
            let reader = pipe.keepReader()
            var own: EngineError?
            if case .host(let place) = target {
                do throws(EngineError) {
                    _ = try hostSide(place).unpack(
                        reader, from: "\(record.name):\(path)",
                        request.keepsOwners ? .archive : .ownedByRoot, onHost: true, isStream: false)
                } catch { own = error }
            }
            try settle(pid, child, failure.keepReader(), own)
        }
    }

    fileprivate func copyIn(
        _ source: CopyRequest.Side, to path: String, _ request: CopyRequest, _ live: Running?
    ) throws(EngineError) {
        if live == nil, record.hasReadOnlyRoot {
            throw EngineError("container rootfs is marked read-only", .conflict)
        }
        let pipe = try newPipe()
        let failure = try newPipe()
        let isStream = source == .stream
        switch try cloned(live) {
        case .child:
            letGo(pipe.writer)
            serve(failure.writer) { () throws(EngineError) in
                let side = CopySide(try openRoot(live), path, shown: "\(record.name):\(path)")
                let input = isStream ? FileDescriptor(owning: 0) : try copy(of: pipe.reader)
                _ = try side.unpack(
                    input, from: isStream ? "standard input" : "the copy",
                    isStream || request.keepsOwners ? .archive : .ownedByRoot, onHost: false,
                    isStream: isStream)
            }
        case .parent(let pid, let child):
            let writer = pipe.keepWriter()
            var own: EngineError?
            if case .host(let place) = source {
                do throws(EngineError) {
                    _ = try hostSide(place).pack(to: copy(of: writer), followsLink: request.followsLink)
                } catch { own = error }
            }
            try settle(pid, child, failure.keepReader(), own)
        }
    }

    private func hostSide(_ path: String) throws(EngineError) -> CopySide {
        try EngineError.step("open \(path)") { () throws(SystemError) in
            let whole = path.hasPrefix("/") ? path : try currentDirectory() + "/" + path
            return CopySide(try FileDescriptor.open("/", .directory), whole, shown: path)
        }
    }

    private func newPipe() throws(EngineError) -> Pipe {
        try EngineError.step("make a pipe") { () throws(SystemError) in try Pipe() }
    }

    /// What is written to or read from: the end itself stays open until the process has said why it failed, so that the other one
    /// does not take the end of a broken copy for the copy's own.
    private func copy(of end: borrowing FileDescriptor) throws(EngineError) -> FileDescriptor {
        do throws(SystemError) { return try end.duplicate() } catch { throw EngineError("\(error)") }
    }

    /// Closes an end of a pipe which only the other process needs, so that each sees the other one's death.
    private func letGo(_ end: borrowing FileDescriptor) { _ = FileDescriptor(owning: end.rawValue) }

    private func cloned(_ live: Running?) throws(EngineError) -> Cloned {
        try EngineError.step("start a process which copies") { () throws(SystemError) in
            try cloneProcess(live == nil ? .mount : [])
        }
    }

    /// The whole life of the process on the container's side: it says what went wrong, and ends. Never returns.
    private func serve(
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
    private func settle(
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
