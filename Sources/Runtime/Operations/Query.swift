public import Cgroups
internal import JSON
internal import Kernel
public import OCISpec

extension ContainerRuntime {
    /// The container as `state` shows it. runtime.md, "Query State".
    public func summary(_ id: String) throws(RuntimeError) -> ContainerSummary {
        try summary(find(ContainerID(id)), UserNames())
    }

    /// Every container below ``root``, by ID; one which vanishes meanwhile is left out, and one which cannot be read
    /// is warned of.
    public func list() throws(RuntimeError) -> [ContainerSummary] {
        var found: [ContainerSummary] = []
        let names = UserNames()
        for id in try store.identifiers() {
            do throws(RuntimeError) {
                found.append(try summary(find(id), names))
            } catch {
                if error != .unknown(id: id.text) { warn("container \(id.text): \(error)") }
            }
        }
        return found
    }

    private func summary(_ container: Container, _ names: UserNames) -> ContainerSummary {
        var summary = ContainerSummary()
        summary.ociVersion = container.record.ociVersion
        summary.id = container.id.text
        summary.state = container.state
        summary.bundle = container.record.bundle
        summary.rootfs = container.record.rootfs
        summary.created = container.record.created
        summary.annotations = container.record.annotations
        summary.owner = names.name(of: container.record.owner)
        return summary
    }

    /// Pids of all processes in the container, as the runtime's pid namespace counts.
    public func processes(_ id: String) throws(RuntimeError) -> [Int32] {
        let container = try find(ContainerID(id))
        guard container.state != .stopped else { return [] }
        return try RuntimeError.cgroup { () throws(CgroupError) in
            try Cgroup(saved: container.record.cgroups).processes()
        }
    }

    /// The configuration the container was created with.
    public func configuration(of id: String) throws(RuntimeError) -> Configuration {
        try store.configuration(ContainerID(id))
    }

    /// The container's cgroup, for statistics and out-of-memory events.
    public func cgroup(_ id: String) throws(RuntimeError) -> Cgroup {
        Cgroup(saved: try find(ContainerID(id)).record.cgroups)
    }
}
