internal import Kernel

extension RootfsBuilder {
    /// Makes the rootfs the `/` of this process and of its mount namespace. The host's tree is gone after this.
    package borrowing func pivot() throws(RuntimeError) {
        do throws(SystemError) {
            try root.file.makeCurrent()
            if plan.noPivot { return try moveRoot() }
            // Shared with the host, the end of the old tree would be the end of the host's. Only a descriptor still
            // names it later: for all calls but umount2(2) "." is the new root then.
            var old: FileDescriptor?
            if plan.sharesWithHost { old = try FileDescriptor.open("/", [.reference, .directory]) }
            // The old root is put on top of the new one, so no directory is needed for it.
            try pivotRoot(".", old: ".")
            try old?.setMount(propagation: .slave, recursive: true)
            try detachMount(".")
            try changeDirectory("/")
        } catch {
            throw .system(step: "make \(plan.root) the root", reason: "\(error)")
        }
    }

    /// For hosts on a ramfs, where pivot_root(2) fails.
    ///
    /// The old tree stays below the new root, and somebody with CAP_SYS_CHROOT could get back to it. procfs and
    /// sysfs of the host are the dangerous part of it: they are taken off, or covered where they are locked.
    private borrowing func moveRoot() throws(SystemError) {
        // What leaves a mount shared with the host would leave the host's, too.
        if plan.sharesWithHost { try setPropagation("/", .slave) }
        for path in ["/proc", "/sys"] {
            do throws(SystemError) {
                if plan.sharesWithHost { try setPropagation(path, [.slave, .recursive]) }
                try detachMount(path)
            } catch {
                // No mount there, or part of a locked tree: then something empty goes over it.
                guard [.invalidArgument, .notPermitted, .noEntity].contains(error.errno) else { throw error }
                if error.errno == .noEntity { continue }
                try changeDirectory(path)
                try mountHere("tmpfs", type: "tmpfs")
                try root.file.makeCurrent()
            }
        }
        try moveMount(".", to: "/")
        try changeRoot(".")
        try changeDirectory("/")
    }
}
