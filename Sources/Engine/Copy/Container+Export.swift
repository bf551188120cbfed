internal import Kernel

extension Container {
    /// Writes its root file system, without volumes, as an archive to standard output, or into the file `path`.
    package func export(to path: String?) throws(EngineError) {
        try whileItIs { container, live throws(EngineError) in
            let failure = try container.newPipe()
            switch try container.cloned(live) {
            case .child:
                container.serve(failure.writer) { () throws(EngineError) in
                    let output = try container.exportFile(path)
                    let directory = try container.openLayers(isMounted: live != nil)
                    _ = try CopySide(directory, "/", shown: container.record.name).pack(
                        to: output, followsLink: false)
                }
            case .parent(let pid, let child):
                try container.awaitCopy(pid, child, failure.keepReader(), nil)
            }
        }
    }

    private func exportFile(_ path: String?) throws(EngineError) -> FileDescriptor {
        guard let path else { return FileDescriptor(owning: 1) }
        return try EngineError.step("write \(path)") { () throws(SystemError) in
            try FileDescriptor.open(path, [.create, .truncate, .writeOnly], mode: 0o600)
        }
    }
}
