internal import Kernel

/// Builds the container's root file system, in the container's own process, from a ``RootfsPlan``.
///
///     RootfsBuilder(plan, host)   the old tree stops propagating; the rootfs is a mount of its own
///     mountAll(cgroups:)          the mounts of the document, in order
///     makeDevices()               device files and links in /dev
///                                 (createContainer hooks run here)
///     pivot()                     the rootfs becomes /, the host's tree is gone
///     mountConsole(_:)            the terminal on /dev/console
///     finish()                    read-only and masked paths, read-only /dev and /
///
/// Runs in a new mount namespace, after all other namespaces exist. A failure leaves mounts in that namespace
/// only, and they end with the process. The current directory changes all the time; ``pivot()`` leaves it at `/`.
package struct RootfsBuilder: ~Copyable {
    let plan: RootfsPlan
    var host: HostMounts
    var root: RootDirectory
    /// SELinux label of new file systems; empty where SELinux is off.
    let mountLabel: String

    /// - Throws: ``RuntimeError``; a missing rootfs is named by its path.
    package init(_ plan: RootfsPlan, _ host: consuming HostMounts) throws(RuntimeError) {
        let given = host.takeRoot()
        do throws(SystemError) {
            root = RootDirectory(file: try attachRoot(plan, given))
        } catch {
            throw .system(step: "prepare the root file system \(plan.root)", reason: "\(error)")
        }
        self.plan = plan
        self.host = host
        mountLabel = plan.mountLabel.isEmpty || !isSELinuxEnabled() ? "" : plan.mountLabel
    }
}

/// Makes the rootfs a mount of its own, on itself, and answers the descriptor of that mount.
private func attachRoot(
    _ plan: RootfsPlan, _ given: consuming FileDescriptor?
) throws(SystemError) -> FileDescriptor {
    try detachFromHost(plan)
    let tree: FileDescriptor
    if let given {
        tree = given
    } else {
        tree = try FileDescriptor.cloneTree(plan.root, recursive: true)
    }
    guard try tree.status().kind == .directory else {
        throw SystemError(call: "open_tree", subject: plan.root, errno: .notDirectory)
    }
    // What happens on the host during the set-up must not appear below, and nothing of ours there. A document
    // which asks for a slave keeps hearing from the host.
    try tree.setMount(propagation: plan.propagation.contains(.slave) ? .slave : .private, recursive: true)
    do throws(SystemError) {
        try tree.moveMount(to: plan.root)
    } catch {
        // Root of a user namespace may not walk to the rootfs; any other mount point does as well, but hooks
        // would not find the container's mounts by path.
        guard error.errno == .accessDenied, plan.userNamespace != nil else { throw error }
        try tree.moveMount(to: "/")
    }
    return tree
}

/// Ends propagation from the new mount namespace to the host's, except where the document wants it.
private func detachFromHost(_ plan: RootfsPlan) throws(SystemError) {
    guard plan.sharesWithHost else {
        // Recursive whatever the document says: what stays shared with the host is taken off the host's tree, too,
        // when the old root goes. Unbindable, nothing of it could be mounted in the container.
        let isTied = plan.propagation.isDisjoint(with: [.private, .unbindable])
        return try setPropagation("/", [isTied ? .slave : .private, .recursive])
    }
    try setPropagation("/", plan.propagation)
    // pivot_root(2) refuses a root whose parent mount is shared, and a mount on it would reach the host.
    // Walk up to the mount which holds the rootfs: only a mount point takes a propagation.
    try changeDirectory(plan.root)
    while true {
        do throws(SystemError) {
            return try setPropagation(".", .private)
        } catch {
            guard error.errno == .invalidArgument else { throw error }
        }
        try changeDirectory("..")
    }
}
