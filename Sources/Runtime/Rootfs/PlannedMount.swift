internal import JSON
internal import Kernel
internal import OCISpec

/// One mount of the document, ready to be made.
package struct PlannedMount: Hashable, Sendable {
    /// Its place in `mounts`.
    package let index: Int
    /// Path in the container without a slash in front; empty for `/`.
    package let destination: String
    /// Absolute for a bind mount.
    package let source: String
    /// Empty for a bind mount.
    package let type: String
    package let options: MountOptions

    /// A tree of the host appears in the container.
    package var isBind: Bool { options.flags.contains(.bind) }
    /// An existing mount of the container is changed.
    package var isRemount: Bool { options.flags.contains(.remount) }

    init(
        _ mount: Mount, index: Int, bundle: String, userNamespace: RootfsPlan.UserNamespace?
    ) throws(RuntimeError) {
        let path = "mounts[\(index)]"
        self.index = index
        destination = cleanPath(mount.destination)
        var options = try MountOptions(
            mount.options, path: path, container: (userNamespace?.uids ?? [], userNamespace?.gids ?? []))
        if mount.type == "bind" { options.flags.insert(.bind) }
        try options.takeMappings(of: mount, path: path)
        if let map = options.idMap, map.uids.isEmpty, userNamespace == nil {
            throw .unsupported(
                path: path,
                reason: "idmap needs uidMappings and gidMappings, or a container with a user namespace")
        }
        let isBind = options.flags.contains(.bind)
        guard isBind || options.flags.contains(.remount) || !mount.type.isEmpty else {
            throw .configuration(JSONError(path: "\(path).type", problem: .missing))
        }
        if options.copiesUp, isBind || mount.type != "tmpfs" {
            throw .unsupported(path: path, reason: "tmpcopyup is for tmpfs only")
        }
        type = isBind ? "" : mount.type
        source = isBind ? absolutePath(mount.source, below: bundle) : mount.source
        options.protectControlGroups(destination)
        self.options = options
    }
}

extension MountOptions {
    fileprivate mutating func takeMappings(of mount: Mount, path: String) throws(RuntimeError) {
        if mount.uidMappings.isEmpty && mount.gidMappings.isEmpty { return }
        guard !mount.uidMappings.isEmpty, !mount.gidMappings.isEmpty else {
            throw .unsupported(path: path, reason: "uidMappings and gidMappings must be given together")
        }
        idMap = IDMap(
            uids: mount.uidMappings, gids: mount.gidMappings, isRecursive: idMap?.isRecursive ?? false)
    }

    /// A read-only tree of the host's /sys holds its cgroups as mounts of their own, which stay writable
    /// unless they are locked, too (CVE-2023-25809).
    fileprivate mutating func protectControlGroups(_ destination: String) {
        guard flags.isSuperset(of: [.bind, .recursive, .readOnly]) else { return }
        guard destination == "sys" || destination.hasPrefix("sys/") else { return }
        recursiveAttributes.turnOn(.readOnly)
    }
}

extension PlannedMount {
    /// Names the mount in an error: `mount tmpfs on /dev (mounts[1])`.
    var title: String { "mount \(isBind ? source : type) on /\(destination) (mounts[\(index)])" }
}

extension PlannedMount {
    /// With `copy-symlink` and a source that is a link: where the link leads. `nil` otherwise.
    var linkToCopy: String? {
        // Any failure means that the source is no symbolic link.
        options.copiesLink ? try? readLink(source) : nil
    }

    /// A detached copy of the source of a bind mount.
    func cloneSource() throws(SystemError) -> FileDescriptor {
        try FileDescriptor.cloneTree(
            source, recursive: options.flags.contains(.recursive), following: !options.keepsSourceLink)
    }
}
