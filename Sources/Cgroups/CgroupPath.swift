/// Work on paths of cgroups. Text only; nothing here looks at a file.
enum CgroupPath {
    /// `path` from `/`, without `.`, `..` and doubled slashes: it cannot lead out of what it is put below.
    static func cleaned(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// Puts the cleaned `path` below `directory`.
    static func join(_ directory: String, _ path: String) -> String {
        let tail = cleaned(path)
        if tail == "/" { return directory }
        return (directory == "/" ? "" : directory) + tail
    }

    /// `path` as seen from `top`; `nil` when it is not below it.
    static func below(_ top: String, _ path: String) -> String? {
        if top == "/" { return path }
        if path == top { return "/" }
        return path.hasPrefix(top + "/") ? String(path.dropFirst(top.utf8.count)) : nil
    }

    /// The directory `path` is in.
    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}

extension CgroupLayout.Hierarchy {
    /// The directory for a container. config-linux.md, "Cgroups Path".
    ///
    /// An absolute `cgroupsPath` counts from the root of the hierarchy. Relative, and `nil`, which means the
    /// container's `id`, count from this process's own cgroup in v1; in v2 from the one above it, because a v2
    /// cgroup with processes cannot hand controllers down. runc does the same, and clients rely on it.
    func directory(_ cgroupsPath: String?, id: String) -> String {
        let path = cgroupsPath.flatMap { $0.isEmpty ? nil : $0 } ?? id
        if path.hasPrefix("/") { return CgroupPath.join(mountPoint, path) }
        let base = controllers.isEmpty ? CgroupPath.parent(ownPath) : ownPath
        return CgroupPath.join(CgroupPath.join(mountPoint, base), path)
    }
}
