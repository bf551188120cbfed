internal import Kernel

/// Where this machine keeps its cgroups. cgroups(7).
///
///     unified   one cgroup v2 tree at /sys/fs/cgroup
///     legacy    one v1 tree for each controller, or group of controllers
///     hybrid    the same and a v2 tree, usually without controllers
public struct CgroupLayout: Hashable, Sendable {
    /// One tree of cgroups.
    package struct Hierarchy: Hashable, Sendable {
        /// As /proc/self/cgroup names them, for example `cpu` or `name=systemd`; empty for v2.
        package var controllers: [String]
        /// Where its root, as far as this process can see it, is mounted.
        package var mountPoint: String
        /// This process's own cgroup below ``mountPoint``; `/` when it is the root itself.
        package var ownPath: String
    }

    package var hierarchies: [Hierarchy]

    /// Whether there is nothing but a cgroup v2 tree.
    public var isUnified: Bool { hierarchies.count == 1 && hierarchies[0].controllers.isEmpty }

    /// Finds out how /sys/fs/cgroup is laid out.
    ///
    /// Costs one statfs(2) and one read on cgroup v2. Mount information is read only when a tree is not
    /// where every distribution puts it, or when this process cannot see its own cgroup there.
    /// - Throws: ``CgroupError`` when there is no cgroup file system at all.
    public static func detect() throws(CgroupError) -> CgroupLayout {
        let own = try CgroupError.step("read this process's cgroup") { () throws(SystemError) in
            try readText("/proc/self/cgroup")
        }
        let type = try CgroupError.step("look at \(root)") { () throws(SystemError) in
            try fileSystemType(root)
        }
        var finder = HierarchyFinder(root: root, isUnified: type == unifiedMagic) {
            fileExists($0)
        } mountInformation: {
            (try? readText("/proc/self/mountinfo")) ?? ""  // without it only the usual places count
        }
        let found = CgroupLayout(hierarchies: finder.hierarchies(own))
        if found.hierarchies.isEmpty {
            throw .system(
                step: "find a cgroup file system", reason: "none is mounted below \(root)",
                hint: "mount one: mount -t cgroup2 none \(root)")
        }
        return found
    }

    private static let root = "/sys/fs/cgroup"
    /// C: `CGROUP2_SUPER_MAGIC`.
    private static let unifiedMagic: Int64 = 0x6367_7270
}

/// Turns the text of /proc/self/cgroup into hierarchies. Asks the outside world through two closures only.
struct HierarchyFinder {
    let root: String
    let isUnified: Bool
    let exists: (String) -> Bool
    private let readMounts: () -> String
    private var mounts: [CgroupMount]?

    init(
        root: String, isUnified: Bool, exists: @escaping (String) -> Bool,
        mountInformation: @escaping () -> String
    ) {
        self.root = root
        self.isUnified = isUnified
        self.exists = exists
        readMounts = mountInformation
    }

    /// The mounted hierarchies of `own`, in its order. proc_pid_cgroup(5).
    mutating func hierarchies(_ own: String) -> [CgroupLayout.Hierarchy] {
        var found: [CgroupLayout.Hierarchy] = []
        for line in own.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let controllers = fields[1].split(separator: ",").map(String.init)
            if isUnified, !controllers.isEmpty { continue }
            if let one = hierarchy(controllers, ownPath: CgroupPath.cleaned(String(fields[2]))) {
                found.append(one)
            }
        }
        return found
    }

    private mutating func hierarchy(_ controllers: [String], ownPath: String) -> CgroupLayout.Hierarchy? {
        let usual = usualPlaces(controllers).first(where: exists)
        if let usual, ownPath == "/" || exists(usual + ownPath) {
            return .init(controllers: controllers, mountPoint: usual, ownPath: ownPath)
        }
        // Another place, or a bind mount that shows only a part of the tree, as in a container.
        if let mount = mount(of: controllers) {
            let visible = CgroupPath.below(mount.root, ownPath) ?? "/"
            return .init(controllers: controllers, mountPoint: mount.mountPoint, ownPath: visible)
        }
        return usual.map { .init(controllers: controllers, mountPoint: $0, ownPath: "/") }
    }

    private func usualPlaces(_ controllers: [String]) -> [String] {
        if controllers.isEmpty { return isUnified ? [root] : ["\(root)/unified"] }
        let names = controllers.map { $0.hasPrefix("name=") ? String($0.dropFirst(5)) : $0 }
        return ["\(root)/" + names.joined(separator: ",")]
            + (names.count > 1 ? names.map { "\(root)/\($0)" } : [])
    }

    private mutating func mount(of controllers: [String]) -> CgroupMount? {
        let all = mounts ?? CgroupMount.list(readMounts())
        mounts = all
        return all.first { mount in
            controllers.isEmpty ? mount.isUnified : controllers.allSatisfy(mount.controllers.contains)
        }
    }
}

/// A cgroup mount of /proc/self/mountinfo. proc_pid_mountinfo(5).
struct CgroupMount: Hashable {
    /// Which part of the tree is mounted.
    var root: String
    var mountPoint: String
    var isUnified: Bool
    /// Super block options, the controllers among them.
    var controllers: [String]

    static func list(_ text: String) -> [CgroupMount] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ").map(String.init)
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else {
                return nil
            }
            let type = fields[dash + 1]
            guard type == "cgroup" || type == "cgroup2" else { return nil }
            return CgroupMount(
                root: CgroupPath.cleaned(fields[3]), mountPoint: fields[4], isUnified: type == "cgroup2",
                controllers: fields[dash + 3].split(separator: ",").map(String.init))
        }
    }
}
