internal import Kernel

extension RootfsBuilder {
    /// Makes the rootfs the `/` of this process and of its mount namespace. The host's tree is gone after this.
    package borrowing func pivot() throws(RuntimeError) {
        do throws(SystemError) {
            try root.file.makeCurrent()
            if plan.noPivot { return try moveRoot() }
            // The old root is put on top of the new one, so no directory is needed for it.
            try pivotRoot(".", old: ".")
            // Now "." is the old root. Shared with the host, its end would be the host's end, too.
            if plan.sharesWithHost { try setPropagation(".", [.slave, .recursive]) }
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
