internal import Kernel

extension PlannedMount {
    /// What is mounted on `/dev` stays writable until the devices are made.
    var isDeviceDirectory: Bool { destination == "dev" }

    /// procfs and sysfs hold what protects the host: they are mounted on real directories only, or an image
    /// could lead them elsewhere (CVE-2019-19921, CVE-2023-27561, CVE-2025-54867).
    var needsRealDirectory: Bool { type == "proc" || type == "sysfs" }

    /// Flags for mount(2) which are in force at once.
    var initialFlags: MountFlags {
        isDeviceDirectory ? options.flags.subtracting(.readOnly) : options.flags
    }

    /// What mount(2) cannot do in one go, or at all.
    var needsDetachedMount: Bool {
        // A new mount in a private tree is private already.
        let propagates = options.propagation.contains { !$0.contains(.private) }
        // mount(2) takes one page of options and cuts the rest off in silence.
        let isLong = options.data.reduce(0) { $0 + $1.utf8.count + 1 } > 3500
        return propagates || isLong || options.copiesUp || options.idMap != nil
            || !options.recursiveAttributes.isEmpty
    }

    /// The options of the file system as mount(2) takes them. Later ones win, so `mode` comes first.
    func dataText(_ mode: String, _ label: String) -> String {
        var words = mode.isEmpty ? options.data : [mode] + options.data
        if !label.isEmpty, takesLabel { words.append("context=\"\(label)\"") }
        return words.joined(separator: ",")
    }

    /// procfs, sysfs and mqueue refuse an SELinux context.
    private var takesLabel: Bool { !["proc", "sysfs", "mqueue"].contains(type) }

    /// A detached mount of a new file system; attributes are still to be set.
    func makeDetached(mode: String, label: String) throws(SystemError) -> FileDescriptor {
        let context = try FileSystemContext(type: type)
        if !source.isEmpty { try context.set("source", source) }
        for word in mode.isEmpty ? options.data : [mode] + options.data {
            try set(word, context)
        }
        let wholes: [(MountFlags, String)] = [
            (.synchronous, "sync"), (.directorySync, "dirsync"), (.lazyTime, "lazytime"),
            (.mandatoryLocks, "mand"),
        ]
        for (flag, word) in wholes where options.flags.contains(flag) { try context.set(word) }
        if !label.isEmpty, takesLabel { try context.set("context", label) }
        return try context.mount()
    }

    private func set(_ word: String, _ context: borrowing FileSystemContext) throws(SystemError) {
        guard let equals = word.firstIndex(of: "=") else { return try context.set(word) }
        let (key, value) = (String(word[..<equals]), String(word[word.index(after: equals)...]))
        // fsconfig(2) takes 255 bytes; overlay takes its layers one by one since Linux 6.8.
        guard type == "overlay", key == "lowerdir", value.utf8.count > 255 else {
            return try context.set(key, value)
        }
        for layer in value.split(separator: ":") { try context.set("lowerdir+", String(layer)) }
    }
}

extension MountOptions {
    /// Changes a mount as the options say; in one call where the kernel can.
    ///
    /// With `isTree` there may be mounts below, so what is recursive and what is not differ.
    func apply(to mount: borrowing FileDescriptor, isTree: Bool) throws(SystemError) {
        var rest = propagation[...]
        var (below, alone) = (recursiveAttributes, attributes)
        if !isTree {
            alone.clear = alone.clear.union(below.clear).subtracting(alone.set)
            alone.set.formUnion(below.set)
            alone.clear.subtract(alone.set.subtracting(.accessTime))
            below = AttributeChange()
        }
        if !below.isEmpty {
            let kind = rest.first?.contains(.recursive) == true ? rest.removeFirst() : []
            try mount.setMount(below.set, clear: below.clear, propagation: kind, recursive: true)
        }
        if !alone.isEmpty {
            let fits = rest.first.map { !isTree || !$0.contains(.recursive) } ?? false
            let kind = fits ? rest.removeFirst() : []
            try mount.setMount(alone.set, clear: alone.clear, propagation: kind)
        }
        for kind in rest {
            try mount.setMount(propagation: kind, recursive: isTree && kind.contains(.recursive))
        }
    }
}
