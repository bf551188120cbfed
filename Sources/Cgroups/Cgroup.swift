internal import Kernel

/// One directory of a container's cgroup.
public struct CgroupDirectory: Hashable, Sendable {
    /// The v1 controller, for example `memory` or `name=systemd`; empty for cgroup v2.
    public let controller: String
    /// Absolute path.
    public let path: String
}

/// A container's cgroup: one directory in the unified hierarchy, or one in each v1 hierarchy.
///
/// A value: it holds names, no open files. Any process can make it again from ``saved``.
public struct Cgroup: Sendable {
    /// By hierarchy. Empty for a rootless container without a cgroup of its own.
    public let directories: [CgroupDirectory]
    /// Directories made by ``CgroupPlan/create()`` just now: nothing has been written to them.
    let fresh: [String]
    /// Whether this is the answer of ``CgroupPlan/create()``, whose container has not started.
    let isForNewContainer: Bool
    /// Whether the runtime's user is not root: device rules may be refused, missing directories are expected.
    private let isUnprivileged: Bool

    init(_ directories: [CgroupDirectory], fresh: [String]? = nil, isRootless: Bool = false) {
        self.directories = directories
        self.fresh = fresh ?? []
        isForNewContainer = fresh != nil
        isUnprivileged = isRootless
    }

    /// The cgroup whose ``saved`` form is `saved`. Nothing is looked at: directories may be gone.
    public init(saved: [String: String]) {
        let known = saved.map { CgroupDirectory(controller: $0.key, path: $0.value) }
        self.init(known.sorted { $0.controller < $1.controller }, isRootless: effectiveUserID() != 0)
    }

    /// Whether this process is not root of the machine. Asked only when something was refused or is missing.
    var isRootless: Bool { isUnprivileged || isInnerUserNamespace() }

    /// Directories by controller; the key of a v2 directory is empty. The same form as runc's `cgroup_paths`.
    public var saved: [String: String] {
        directories.saved
    }

    /// Whether the limits are in a cgroup v2 directory.
    public var isUnified: Bool { directories.count == 1 && directories[0].controller.isEmpty }

    /// The directory of the v1 controller, or the v2 directory for an empty name.
    public func directory(of controller: String) -> String? {
        directories.first { $0.controller == controller }?.path
    }

    /// The v2 directory: the cgroup itself, or the additional one of a hybrid layout.
    public var unifiedDirectory: String? { directory(of: "") }

    /// Every directory once; controllers may share one.
    var uniquePaths: [String] {
        var seen: [String] = []
        for directory in directories where !seen.contains(directory.path) { seen.append(directory.path) }
        return seen
    }

    /// Whether at least one directory is there.
    public var exists: Bool { uniquePaths.contains(where: fileExists) }
}

extension [CgroupDirectory] {
    /// See ``Cgroup/saved``.
    var saved: [String: String] { Dictionary(map { ($0.controller, $0.path) }) { first, _ in first } }
}
