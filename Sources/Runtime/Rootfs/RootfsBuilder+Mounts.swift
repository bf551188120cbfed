internal import Kernel

extension RootfsBuilder {
    /// Makes every mount of the document, in order.
    ///
    /// - Throws: ``RuntimeError`` which names the mount by its place in the document.
    package mutating func mountAll(cgroups: CgroupMountFacts) throws(RuntimeError) {
        // Missing targets get exact permissions.
        let mask = changeUmask(0)
        defer { changeUmask(mask) }
        for mount in plan.mounts {
            do throws(SystemError) {
                try make(mount, cgroups)
            } catch { throw mount.failure(error, in: plan) }
        }
    }

    private mutating func make(_ mount: PlannedMount, _ cgroups: CgroupMountFacts) throws(SystemError) {
        if mount.isRemount { return try change(mount) }
        if mount.isBind { return try bind(mount) }
        switch mount.type {
        case "cgroup", "cgroup2": try mountCgroups(mount, cgroups)
        default: try mountFileSystem(mount)
        }
    }

    // MARK: - Bind mounts

    /// A detached copy of the source gets its attributes and is moved into place: it is never visible without.
    /// Three calls, and cheaper than mount(2) followed by a remount.
    private mutating func bind(_ mount: PlannedMount) throws(SystemError) {
        if let link = mount.linkToCopy { return try copyLink(link, to: mount) }
        let tree: FileDescriptor
        if let given = host.takeTree(mount.index) {
            tree = given
        } else {
            tree = try mount.cloneSource()
        }
        try place(tree, mount)
    }

    /// Gives a detached tree the attributes of `mount` and moves it to its target.
    mutating func place(_ tree: consuming FileDescriptor, _ mount: PlannedMount) throws(SystemError) {
        try mount.options.apply(to: tree, isTree: mount.options.flags.contains(.recursive))
        if mount.destination.isEmpty {
            try tree.moveMount(onto: root.file)
            root = RootDirectory(file: tree)
            return
        }
        let target = try openTarget(mount, source: tree)
        try tree.moveMount(onto: target.file)
    }

    private borrowing func openTarget(
        _ mount: PlannedMount, source: borrowing FileDescriptor
    ) throws(SystemError) -> RootDirectory.Target {
        let links: RootDirectory.Links = mount.options.keepsTargetLink ? .keepLast : .follow
        do throws(SystemError) {
            return .init(file: try root.open(mount.destination, links: links), isNew: false)
        } catch {
            guard error.errno == .noEntity else { throw error }
        }
        let isDirectory = try source.status().kind == .directory
        return try root.target(mount.destination, makes: isDirectory ? .directory : .file, links: links)
    }

    private borrowing func copyLink(_ link: String, to mount: PlannedMount) throws(SystemError) {
        let parts = mount.destination.split(separator: "/")
        guard let name = parts.last.map(String.init) else { return }
        let parent = try root.directory(parts.dropLast().joined(separator: "/"))
        do throws(SystemError) {
            try parent.makeLink(name, to: link)
        } catch {
            guard error.errno == .exists, try parent.readLink(name) == link else { throw error }
        }
    }

    // MARK: - New file systems

    /// mount(2) on the current directory is the fast way: it takes all flags and options at once, where fsopen(2)
    /// needs a call for each (31 against 43 microseconds for a tmpfs with three options). It is as safe: the
    /// directory is the one we have opened, and "." is looked up nowhere.
    private mutating func mountFileSystem(_ mount: PlannedMount) throws(SystemError) {
        let target = try root.target(
            mount.destination, makes: .directory, links: mount.needsRealDirectory ? .refuse : .follow)
        let mode = try inheritedMode(mount, target)
        if mount.needsDetachedMount || mount.destination.isEmpty {
            return try mountDetached(mount, onto: target.file, mode: mode)
        }
        try target.file.makeCurrent()
        do throws(SystemError) {
            try mountHere(
                mount.source, type: mount.type, flags: mount.initialFlags,
                data: mount.dataText(mode, mountLabel))
        } catch {
            // mount(2) does not say which option is wrong; setting them one by one does.
            if error.errno == .invalidArgument { _ = try mount.makeDetached(mode: mode, label: mountLabel) }
            throw error
        }
    }

    /// A tmpfs takes over the permissions of a directory that exists, unless the document sets them.
    private borrowing func inheritedMode(
        _ mount: PlannedMount, _ target: borrowing RootDirectory.Target
    ) throws(SystemError) -> String {
        guard mount.type == "tmpfs", !target.isNew else { return "" }
        if mount.options.data.contains(where: { $0.hasPrefix("mode=") }) { return "" }
        return "mode=" + String(try target.file.status().permissions, radix: 8)
    }

    private mutating func mountDetached(
        _ mount: PlannedMount, onto target: borrowing FileDescriptor, mode: String
    ) throws(SystemError) {
        let tree = try mount.makeDetached(mode: mode, label: mountLabel)
        if mount.options.copiesUp {
            let isGiven = mount.options.data.contains { $0.hasPrefix("mode=") || $0.hasPrefix("uid=") }
            try copyUp(from: target, to: tree, keepsOwn: isGiven)
        }
        if let mapping = host.takeMapping(mount.index) { try tree.mapIDs(mapping, recursive: false) }
        var options = mount.options
        if mount.isDeviceDirectory { options.attributes.set.remove(.readOnly) }
        try options.apply(to: tree, isTree: false)
        try tree.moveMount(onto: target)
        if mount.destination.isEmpty { root = RootDirectory(file: tree) }
    }

    /// `remount`: the mount which is at the target changes.
    private borrowing func change(_ mount: PlannedMount) throws(SystemError) {
        let target = try root.open(mount.destination)
        if mount.isBind { return try mount.options.apply(to: target, isTree: false) }
        try target.makeCurrent()
        try mountHere(
            mount.source, type: mount.type, flags: mount.options.flags, data: mount.dataText("", ""))
    }
}
