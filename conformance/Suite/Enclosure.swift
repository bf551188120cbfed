package import Kernel

/// Where a case runs: namespaces of its own, and empty directories in place of those a program may fill.
package struct Enclosure: Sendable {
    /// What the case's process is born in. Only root gets any.
    package var namespaces: NamespaceSet
    /// Directories which are empty inside; one that is missing on this machine stays so.
    package var emptied: [String]
    /// Paths which stay as they are below an emptied directory: the program under test, say.
    package var kept: [String]

    package init(
        namespaces: NamespaceSet = [.network, .mount, .pid, .ipc, .uts],
        emptied: [String] = ["/run", "/tmp", "/var/tmp", "/dev/shm"], kept: [String] = []
    ) {
        self.namespaces = namespaces
        self.emptied = emptied
        self.kept = kept
    }

    /// Makes the place, in the process that was born in the namespaces.
    func furnish() throws(SystemError) {
        try setPropagation("/", [.private, .recursive])
        if namespaces.contains(.uts) { try setHostname("conformance") }
        for path in emptied where fileExists(path) { try empty(path) }
        if namespaces.contains(.pid) { try mount("proc", on: "/proc") }
        if namespaces.contains(.network) {
            try setInterfaceUp("lo")
            // Shows the links of this network; a machine may not let it be mounted.
            do throws(SystemError) { try mount("sysfs", on: "/sys") } catch {}
        }
    }

    private func empty(_ path: String) throws(SystemError) {
        let below = kept.filter { $0.hasPrefix(path + "/") }.filter(fileExists)
        try keep(below[...], while: path)
    }

    // One level of recursion for each path: an owner cannot stand in an array.
    private func keep(_ paths: ArraySlice<String>, while emptied: String) throws(SystemError) {
        guard let path = paths.first else { return try mount("tmpfs", on: emptied) }
        let tree = try FileDescriptor.cloneTree(path, recursive: true)
        try keep(paths.dropFirst(), while: emptied)
        if try fileStatusOfTree(tree) == .directory {
            try makeDirectories(path, mode: 0o755)
        } else {
            try makeDirectories(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]), mode: 0o755)
            _ = try FileDescriptor.open(path, [.writeOnly, .create], mode: 0o600)
        }
        try tree.moveMount(to: path)
    }

    private func fileStatusOfTree(_ tree: borrowing FileDescriptor) throws(SystemError) -> FileStatus.Kind {
        try tree.status().kind
    }

    private func mount(_ type: String, on path: String) throws(SystemError) {
        try FileSystemContext(type: type).mount().moveMount(to: path)
    }
}
