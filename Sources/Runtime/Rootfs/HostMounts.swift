internal import Kernel

/// Mounts which only the runtime's own process can take: detached copies of trees of the host.
///
/// A container's root in a user namespace may not be able to walk to the source of a bind mount, and nobody but
/// the owner of a file system may map its ids. Made before the container's process; the container's process
/// inherits the descriptors. Without a user namespace and without id maps this is empty and costs nothing: the
/// container's process opens its sources itself.
package struct HostMounts: ~Copyable {
    // Raw numbers, because an Array cannot hold owners. -1 where there is none.
    private var trees: [Int32]
    private var root: Int32 = -1
    private var mappings: [Int32]

    /// - Throws: ``RuntimeError`` which names the mount; a missing source is `mounts[i].source`.
    package init(_ plan: RootfsPlan) throws(RuntimeError) {
        trees = [Int32](repeating: -1, count: plan.mounts.count)
        mappings = [Int32](repeating: -1, count: plan.mounts.count)
        try takeRoot(plan)
        for mount in plan.mounts {
            do throws(SystemError) {
                try take(mount, plan)
            } catch { throw mount.failure(error) }
        }
    }

    deinit {
        for number in trees + mappings + [root] where number >= 0 {
            _ = FileDescriptor(owning: number)
        }
    }

    private mutating func takeRoot(_ plan: RootfsPlan) throws(RuntimeError) {
        guard plan.userNamespace != nil else { return }
        do throws(SystemError) {
            root = try FileDescriptor.cloneTree(plan.root, recursive: true).release()
        } catch {
            // Without rights over the host's mounts: the container's process has them over its own.
            if error.errno == .notPermitted { return }
            throw .system(step: "open the root file system \(plan.root)", reason: "\(error)")
        }
    }

    private mutating func take(_ mount: PlannedMount, _ plan: RootfsPlan) throws(SystemError) {
        if !mount.isBind, let map = mount.options.idMap {
            mappings[mount.index] = try mapping(map, plan).release()
        }
        guard mount.isBind, !mount.isRemount, mount.linkToCopy == nil else { return }
        guard plan.userNamespace != nil || mount.options.idMap != nil else { return }
        do throws(SystemError) {
            trees[mount.index] = try tree(mount, plan).release()
        } catch {
            if error.errno == .notPermitted, mount.options.idMap == nil { return }
            throw error
        }
    }

    private borrowing func tree(_ mount: PlannedMount, _ plan: RootfsPlan) throws(SystemError)
        -> FileDescriptor
    {
        let tree = try mount.cloneSource()
        // The copy is in the peer group of the host's mount, which the container must not reach.
        if !plan.sharesWithHost { try tree.setMount(propagation: .slave, recursive: true) }
        if let map = mount.options.idMap {
            try tree.mapIDs(try mapping(map, plan), recursive: map.isRecursive)
        }
        return tree
    }

    private borrowing func mapping(
        _ map: MountOptions.IDMap, _ plan: RootfsPlan
    ) throws(SystemError) -> FileDescriptor {
        if !map.uids.isEmpty { return try userNamespaceDescriptor(uids: map.uids, gids: map.gids) }
        if let path = plan.userNamespace?.path { return try FileDescriptor.open(path) }
        return try userNamespaceDescriptor(
            uids: plan.userNamespace?.uids ?? [], gids: plan.userNamespace?.gids ?? [])
    }

    /// Hands over the copy of the root file system, or `nil` when the caller can open it itself.
    mutating func takeRoot() -> FileDescriptor? {
        if root < 0 { return nil }
        let number = root
        root = -1
        return FileDescriptor(owning: number)
    }

    /// Hands over the source of the mount at `index` in the document.
    mutating func takeTree(_ index: Int) -> FileDescriptor? {
        if trees[index] < 0 { return nil }
        let number = trees[index]
        trees[index] = -1
        return FileDescriptor(owning: number)
    }

    /// Hands over the user namespace that maps the ids of the mount at `index`.
    mutating func takeMapping(_ index: Int) -> FileDescriptor? {
        if mappings[index] < 0 { return nil }
        let number = mappings[index]
        mappings[index] = -1
        return FileDescriptor(owning: number)
    }
}
