internal import Cgroups
internal import JSON
internal import Kernel
public import OCISpec

extension ContainerRuntime {
    /// Changes the limits of a container. Not in the specification.
    ///
    /// `resources`: the whole of what shall be in force; what is `nil` in it stays as it is.
    public func update(_ id: String, _ resources: Resources) throws(RuntimeError) {
        let container = try find(id, for: .update)
        try RuntimeError.cgroup { () throws(CgroupError) in
            try Cgroup(saved: container.record.cgroups).apply(resources)
        }
        try store.save(resources, for: container.id)
    }

    /// Resources as the last `update` left them, or as the container was created.
    public func resources(_ id: String) throws(RuntimeError) -> Resources {
        let container = try find(ContainerID(id))
        if let updated = try store.updatedResources(container.id) { return updated }
        return try store.configuration(container.id).linux.resources
    }
}
