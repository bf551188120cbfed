internal import Kernel

extension Container {
    /// Opens the root directory as the container's processes see it, with its volumes.
    ///
    /// One that does not run is mounted for this in the caller's mount namespace, which must be its own: what is mounted goes with it.
    func openRoot(_ live: Running?) throws(EngineError) -> FileDescriptor {
        if let live { return try openLiveRoot(live) }
        let directory = try openLayers(isMounted: false)
        let sources = try engine.volumes.prepare(record.mounts, rootfs: root)
        for mount in record.mounts.sorted(by: { $0.destination < $1.destination }) where mount.kind != .tmpfs
        {
            let source = mount.kind == .volume ? sources[mount.source] ?? "" : mount.source
            try EngineError.step("mount \(source) on \(mount.destination)") { () throws(SystemError) in
                try put(source, on: mount.destination, isReadOnly: mount.isReadOnly, below: directory)
            }
        }
        return directory
    }

    /// Opens the root directory without volumes and what else is mounted in a container: its image, and what it has changed.
    ///
    /// What is not mounted yet is mounted as for ``openRoot(_:)``.
    func openLayers(isMounted: Bool) throws(EngineError) -> FileDescriptor {
        if !isMounted {
            try EngineError.step("leave the host's mounts alone") { () throws(SystemError) in
                try setPropagation("/", [.private, .recursive])
            }
            try mountRoot()
        }
        return try EngineError.step("open \(root)") { () throws(SystemError) in
            try FileDescriptor.open(root, .directory)
        }
    }

    private func openLiveRoot(_ live: Running) throws(EngineError) -> FileDescriptor {
        try EngineError.step("open the files of \(record.name)") { () throws(SystemError) in
            let directory = try FileDescriptor.open("/proc/\(live.process.pid)/root", .directory)
            // The number may have become somebody else's.
            guard live.process.isAlive else {
                throw SystemError(call: "open", subject: "/proc/\(live.process.pid)/root", errno: .noProcess)
            }
            return directory
        }
    }

    private func put(
        _ source: String, on destination: String, isReadOnly: Bool, below root: borrowing FileDescriptor
    ) throws(SystemError) {
        let tree = try FileDescriptor.cloneTree(source, recursive: true)
        if isReadOnly { try tree.setMount(.readOnly) }
        let target = try makePlace(
            destination, isDirectory: fileStatus(source).kind == .directory, below: root)
        try tree.moveMount(onto: target)
    }

    /// Opens `destination`, which is made where it is missing, as the runtime does.
    private func makePlace(
        _ destination: String, isDirectory: Bool, below root: borrowing FileDescriptor
    ) throws(SystemError) -> FileDescriptor {
        let names = destination.split(separator: "/").map(String.init)
        var path = "/"
        for (index, name) in names.enumerated() {
            let parent = path
            path += path == "/" ? name : "/" + name
            do throws(SystemError) {
                _ = try root.open(below: path, .reference, resolve: [.inRoot, .noMagicLinks])
            } catch {
                guard error.errno == .noEntity else { throw error }
                let directory = try root.open(below: parent, .directory, resolve: [.inRoot, .noMagicLinks])
                if isDirectory || index < names.count - 1 {
                    try directory.makeDirectory(name, mode: 0o755)
                } else {
                    _ = try directory.open(below: name, [.create, .exclusive, .writeOnly], mode: 0o644)
                }
            }
        }
        return try root.open(below: path, .reference, resolve: [.inRoot, .noMagicLinks])
    }
}
