internal import Kernel

/// What a mount of type `cgroup` needs to know of the host and of the container's cgroup.
package struct CgroupMountFacts: Hashable, Sendable {
    /// One hierarchy, cgroup v2, at the mount's own target.
    package var isUnified = true
    /// With cgroup v2 the one hierarchy; else one for each.
    package var hierarchies: [Hierarchy] = []
    /// The container has a cgroup namespace: its root is the container's cgroup.
    package var hasNamespace = true

    /// One tree of cgroups.
    package struct Hierarchy: Hashable, Sendable {
        /// Name of the directory below `/sys/fs/cgroup`, for example `cpu,cpuacct`, `systemd`, `unified`.
        package var name: String
        /// Options of mount(2) for the hierarchy, for example `cpu,cpuacct` or `none,name=systemd`.
        package var options: String
        /// The container's directory in it, absolute on the host; `nil` when the container has none there.
        package var directory: String?
        /// A v2 hierarchy beside those of v1.
        package var isUnified: Bool

        package init(name: String, options: String, directory: String?, isUnified: Bool = false) {
            self.name = name
            self.options = options
            self.directory = directory
            self.isUnified = isUnified
        }
    }

    package init() {}
}

extension RootfsBuilder {
    mutating func mountCgroups(_ mount: PlannedMount, _ facts: CgroupMountFacts) throws(SystemError) {
        if facts.isUnified || mount.type == "cgroup2" {
            try mountUnified(mount, facts)
        } else {
            try mountLegacy(mount, facts)
        }
    }

    /// cgroup v2: the container sees its own cgroup, as a root of its own or as a copy of its directory.
    private mutating func mountUnified(
        _ mount: PlannedMount, _ facts: CgroupMountFacts
    ) throws(SystemError) {
        let own = facts.hierarchies.first { $0.isUnified || facts.isUnified }
        if facts.hasNamespace {
            do throws(SystemError) {
                let target = try root.target(mount.destination, makes: .directory)
                try target.file.makeCurrent()
                return try mountHere(
                    "cgroup", type: "cgroup2", flags: mount.options.flags, data: mount.dataText("", ""))
            } catch {
                // A user namespace which does not own the cgroup namespace.
                guard error.errno == .notPermitted || error.errno == .busy else { throw error }
            }
        }
        // The container's own directory if it has one; else all of the host's, which it may look at only.
        try bindCgroup(own?.directory ?? "/sys/fs/cgroup", mount, isLocked: own?.directory == nil)
    }

    /// A copy of a directory of the host's cgroups; locked ones are read-only whatever the document wants
    /// (CVE-2023-25809).
    private mutating func bindCgroup(
        _ source: String, _ mount: PlannedMount, isLocked: Bool
    ) throws(SystemError) {
        let tree = try FileDescriptor.cloneTree(source, recursive: true)
        if isLocked { try tree.setMount(.readOnly, recursive: true) }
        let target = try root.target(mount.destination, makes: .directory)
        try mount.options.apply(to: tree, isTree: false)
        if isLocked { try tree.setMount(.readOnly) }
        try tree.moveMount(onto: target.file)
    }

    /// cgroup v1: a tmpfs with a directory for each hierarchy, and a link for each controller of a combined one.
    private mutating func mountLegacy(
        _ mount: PlannedMount, _ facts: CgroupMountFacts
    ) throws(SystemError) {
        let context = try FileSystemContext(type: "tmpfs")
        try context.set("source", "tmpfs")
        try context.set("mode", "755")
        let directory = try context.mount([.noSetUID, .noDevices, .noExecute])
        let hierarchies = facts.hierarchies.filter { facts.hasNamespace || $0.directory != nil }
        for hierarchy in hierarchies {
            try directory.makeDirectory(hierarchy.name, mode: 0o755)
            guard hierarchy.name.contains(",") else { continue }
            for controller in hierarchy.name.split(separator: ",") {
                try directory.makeLink(String(controller), to: hierarchy.name)
            }
        }
        let target = try root.target(mount.destination, makes: .directory)
        try directory.moveMount(onto: target.file)
        for hierarchy in hierarchies {
            let place = try directory.open(
                below: hierarchy.name, [.reference, .directory],
                resolve: [.beneath, .noSymbolicLinks])
            try mountLegacy(hierarchy, mount, facts, onto: place)
        }
        try mount.options.apply(to: directory, isTree: false)
    }

    private borrowing func mountLegacy(
        _ hierarchy: CgroupMountFacts.Hierarchy, _ mount: PlannedMount, _ facts: CgroupMountFacts,
        onto target: borrowing FileDescriptor
    ) throws(SystemError) {
        if facts.hasNamespace {
            try target.makeCurrent()
            let flags = mount.options.flags.intersection(.readOnly).union([.noSetUID, .noDevices, .noExecute])
            do throws(SystemError) {
                return try mountHere(
                    "cgroup", type: hierarchy.isUnified ? "cgroup2" : "cgroup", flags: flags,
                    data: hierarchy.isUnified ? "" : hierarchy.options)
            } catch {
                guard error.errno == .notPermitted, hierarchy.directory != nil else { throw error }
            }
        }
        guard let source = hierarchy.directory else { return }
        let tree = try FileDescriptor.cloneTree(source, recursive: false)
        var bits: MountAttributes = [.noSetUID, .noDevices, .noExecute]
        if mount.options.flags.contains(.readOnly) { bits.insert(.readOnly) }
        try tree.setMount(bits, propagation: .private)
        try tree.moveMount(onto: target)
    }
}
