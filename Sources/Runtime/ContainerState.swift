/// Where a container is in its life. OCI runtime-spec, runtime.md, "State".
///
/// The pid exists in exactly the states in which the specification requires one.
public enum ContainerState: Hashable, Sendable {
    /// `create` has begun; the environment is not complete.
    case creating
    /// The environment is complete; the user's program has not run.
    case created(pid: Int32)
    /// The user's program runs.
    case running(pid: Int32)
    /// The cgroup is frozen. A state of our own, as the specification allows.
    case paused(pid: Int32)
    /// The container process has exited.
    case stopped

    /// The word the specification and other runtimes use.
    public var name: String {
        switch self {
        case .creating: "creating"
        case .created: "created"
        case .running: "running"
        case .paused: "paused"
        case .stopped: "stopped"
        }
    }

    /// The container's first process as the runtime's pid namespace counts; `nil` when there is none.
    public var pid: Int32? {
        switch self {
        case .created(let pid), .running(let pid), .paused(let pid): pid
        case .creating, .stopped: nil
        }
    }
}

extension ContainerState {
    /// What can be seen from outside. A state is worked out from this, never stored.
    package struct Facts {
        package var pid: Int32?
        package var isAlive: Bool
        package var waitsForStart: Bool
        package var isFrozen: Bool

        package init(pid: Int32?, isAlive: Bool, waitsForStart: Bool, isFrozen: Bool) {
            self.pid = pid
            self.isAlive = isAlive
            self.waitsForStart = waitsForStart
            self.isFrozen = isFrozen
        }
    }

    package init(_ facts: Facts) {
        guard let pid = facts.pid else {
            self = .creating
            return
        }
        switch (facts.isAlive, facts.waitsForStart, facts.isFrozen) {
        case (false, _, _): self = .stopped
        // Frozen before it was started, it waits in vain: a `start` would wait as long.
        case (true, _, true): self = .paused(pid: pid)
        case (true, true, false): self = .created(pid: pid)
        case (true, false, false): self = .running(pid: pid)
        }
    }
}

extension ContainerState {
    /// An operation whose permission depends on the state.
    public enum Operation: String, CaseIterable, Sendable {
        case start, kill, delete, exec, pause, resume, update
    }

    /// Whether runtime.md permits `operation` in this state.
    public func permits(_ operation: Operation) -> Bool {
        switch (self, operation) {
        case (.created, .start): true
        case (.created, .kill), (.running, .kill), (.paused, .kill): true
        case (.stopped, .delete): true
        case (.created, .exec), (.running, .exec): true
        case (.running, .pause), (.created, .pause): true
        case (.paused, .resume): true
        case (.created, .update), (.running, .update), (.paused, .update): true
        default: false
        }
    }
}
