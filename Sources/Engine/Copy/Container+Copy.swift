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

extension Container {
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
            try awaitCopy(pid, child, failure.keepReader(), own)
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
            try awaitCopy(pid, child, failure.keepReader(), own)
        }
    }

    private func hostSide(_ path: String) throws(EngineError) -> CopySide {
        try EngineError.step("open \(path)") { () throws(SystemError) in
            let whole = path.hasPrefix("/") ? path : try currentDirectory() + "/" + path
            return CopySide(try FileDescriptor.open("/", .directory), whole, shown: path)
        }
    }
}
