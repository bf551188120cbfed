internal import Cgroups
internal import JSON
internal import Kernel
public import OCISpec

extension ContainerRuntime {
    /// Changes the limits of a container. Not in the specification.
    ///
    /// `changes`: what is `nil` in it stays as the last `update` left it, or as the container was created.
    public func update(_ id: String, _ changes: Resources) throws(RuntimeError) {
        // Two at once would each put back what the other has changed.
        let lock = try store.lock(ContainerID(id))
        let container = try find(id, for: .update)
        let wanted = try resources(of: container.id).updated(with: changes)
        try RuntimeError.cgroup { () throws(CgroupError) in
            try Cgroup(saved: container.record.cgroups).apply(wanted)
        }
        try store.save(wanted, for: container.id)
        _ = consume lock
    }

    private func resources(of id: ContainerID) throws(RuntimeError) -> Resources {
        if let updated = try store.updatedResources(id) { return updated }
        return try store.configuration(id).linux.resources
    }
}
