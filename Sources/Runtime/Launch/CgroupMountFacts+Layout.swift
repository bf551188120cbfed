package import Cgroups

extension CgroupMountFacts {
    /// What mounts of type `cgroup` show of this machine's hierarchies.
    package init(_ layout: CgroupLayout, _ cgroup: Cgroup, hasNamespace: Bool) {
        self.init()
        isUnified = layout.isUnified
        self.hasNamespace = hasNamespace
        hierarchies = layout.hierarchies.map { hierarchy in
            let name = hierarchy.mountPoint.split(separator: "/").last.map(String.init) ?? ""
            let options = hierarchy.controllers.map { $0.hasPrefix("name=") ? "none,\($0)" : $0 }
            return Hierarchy(
                name: name, options: options.joined(separator: ","),
                directory: cgroup.directory(of: hierarchy.controllers.first ?? ""),
                isUnified: hierarchy.controllers.isEmpty)
        }
    }
}
