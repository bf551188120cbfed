internal import Kernel

extension RootfsBuilder {
    /// Makes `process.cwd` where the image has none, as long as the root can be written. Before ``finish()``.
    ///
    /// Not by its path, which an image chooses: one like /proc/self/fd/7/new would lead out by a descriptor of the host's.
    package borrowing func makeWorkingDirectory(_ path: String) throws(RuntimeError) {
        let path = cleanPath(path)
        if path.isEmpty { return }
        let mask = changeUmask(0)
        defer { changeUmask(mask) }
        do throws(SystemError) { _ = try root.directory(path) } catch {
            // What is in its way is told by whoever goes there, who may be let in.
            guard ![.noEntity, .notDirectory, .symbolicLink, .accessDenied].contains(error.errno) else {
                return
            }
            throw .system(step: "make the working directory (process.cwd)", reason: "\(error)")
        }
    }

    /// Locks what the document wants locked: read-only paths, masked paths, `/dev`, `/`. After ``pivot()``.
    package borrowing func finish() throws(RuntimeError) {
        for path in plan.readOnly {
            do throws(SystemError) {
                try makeReadOnly(path)
            } catch { throw .system(step: "make /\(path) read-only", reason: "\(error)") }
        }
        // Masks come last: a path in both lists is hidden, and the copies above stay small.
        try mask(plan.masked)
        do throws(SystemError) {
            if plan.mounts.contains(where: { $0.isDeviceDirectory && $0.options.flags.contains(.readOnly) }) {
                try root.open("dev", .directory).setMount(.readOnly)
            }
            if plan.isReadOnly { try root.file.setMount(.readOnly) }
            let kind = plan.propagation.intersection([.shared, .unbindable])
            if !kind.isEmpty { try root.file.setMount(propagation: kind) }
        } catch { throw .system(step: "finish the root file system", reason: "\(error)") }
    }

    /// A read-only copy of the tree on top of itself, with all below it.
    private borrowing func makeReadOnly(_ path: String) throws(SystemError) {
        guard let target = try openIfPresent(path) else { return }
        let tree = try target.cloneTree(recursive: true)
        try tree.setMount(.readOnly, recursive: true)
        try tree.moveMount(onto: target)
    }

    private borrowing func mask(_ paths: [String]) throws(RuntimeError) {
        var empty: FileDescriptor?
        var null: FileDescriptor?
        for path in paths {
            do throws(SystemError) {
                guard let target = try openIfPresent(path) else { continue }
                if try target.status().kind == .directory {
                    try cover(target, &empty)
                } else {
                    try hide(target, &null)
                }
            } catch { throw .system(step: "mask /\(path)", reason: "\(error)") }
        }
    }

    /// All masked directories show one empty read-only tmpfs.
    private borrowing func cover(
        _ target: borrowing FileDescriptor, _ empty: inout FileDescriptor?
    ) throws(SystemError) {
        // Kernels before 6.15 copy a mount only once it is attached: the first goes where it is needed.
        if empty != nil {
            try empty?.cloneTree(recursive: false).moveMount(onto: target)
            return
        }
        let context = try FileSystemContext(type: "tmpfs")
        try context.set("source", "tmpfs")
        try context.set("nr_blocks", "1")
        try context.set("nr_inodes", "1")
        try context.set("ro")
        let made = try context.mount([.readOnly, .noSetUID, .noDevices, .noExecute])
        try made.moveMount(onto: target)
        empty = consume made
    }

    /// A masked file shows the null device.
    private borrowing func hide(
        _ target: borrowing FileDescriptor, _ null: inout FileDescriptor?
    ) throws(SystemError) {
        if null == nil { null = try openNullDevice() }
        try null?.cloneTree(recursive: false).moveMount(onto: target)
    }

    /// The container's `/dev/null`, which must be that: an image could have put a link to something writable
    /// there (CVE-2025-31133). Opened once, used by descriptor.
    private borrowing func openNullDevice() throws(SystemError) -> FileDescriptor {
        let file = try root.open("dev/null", links: .keepLast)
        let status = try file.status()
        guard status.kind == .characterDevice, status.deviceNumber == DeviceNumber(major: 1, minor: 3) else {
            throw SystemError(call: "open", subject: "/dev/null (not the null device)", errno: .noDevice)
        }
        return file
    }

    private borrowing func openIfPresent(_ path: String) throws(SystemError) -> FileDescriptor? {
        do throws(SystemError) {
            return try root.open(path)
        } catch {
            // Kernels and images differ: what is not there needs no mask.
            if error.errno == .noEntity || error.errno == .notDirectory { return nil }
            throw error
        }
    }
}
