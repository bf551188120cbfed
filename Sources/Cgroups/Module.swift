/// Placeholder for the container's cgroup.
public struct Cgroup: Sendable {}
