internal import Kernel

extension Cgroup {
    /// Gives the v2 directory to the container's root, so that it can make cgroups of its own. cgroups(7),
    /// "Cgroups delegation". The limits stay the runtime's.
    ///
    /// For a container with its own user and cgroup namespace and a writable cgroup mount. Without a v2 directory
    /// nothing is done: v1 hierarchies cannot be delegated safely.
    public func delegate(to uid: UInt32) throws(CgroupError) {
        guard isUnified, let directory = unifiedDirectory else { return }
        let listed = words("/sys/kernel/cgroup/delegate").map(String.init)
        // Kernels before 4.15 do not tell; these three have always been the ones.
        let files = listed.isEmpty ? ["cgroup.procs", "cgroup.subtree_control", "cgroup.threads"] : listed
        try CgroupError.step("give cgroup \(directory) to user \(uid)") { () throws(SystemError) in
            let open = try FileDescriptor.open(directory, .directory)
            for name in ["."] + files {
                do throws(SystemError) {
                    try open.changeOwner(of: name, uid: uid, gid: .max)  // the group stays
                } catch {
                    // A file of a controller this cgroup has not got.
                    if error.errno != .noEntity { throw error }
                }
            }
        }
    }
}
