public import Cgroups
public import OCISpec

// Signatures the command line is written against; each body moves to its own file.
extension ContainerRuntime {
    public func create(_ options: CreateOptions) throws(RuntimeError) {
        throw .unsupported(path: "", reason: "create")
    }
    /// Creates, starts, and unless detached waits. The answer is the exit code of the program.
    public func run(_ options: CreateOptions, _ run: RunOptions) throws(RuntimeError) -> Int32 {
        throw .unsupported(path: "", reason: "run")
    }
    public func start(_ id: String) throws(RuntimeError) { throw .unsupported(path: "", reason: "start") }
    public func kill(_ id: String, signal: Int32, all: Bool) throws(RuntimeError) {
        throw .unsupported(path: "", reason: "kill")
    }
    public func delete(_ id: String, force: Bool) throws(RuntimeError) {
        throw .unsupported(path: "", reason: "delete")
    }
    public func exec(_ options: ExecOptions) throws(RuntimeError) -> Int32 {
        throw .unsupported(path: "", reason: "exec")
    }
    public func pause(_ id: String) throws(RuntimeError) { throw .unsupported(path: "", reason: "pause") }
    public func resume(_ id: String) throws(RuntimeError) { throw .unsupported(path: "", reason: "resume") }
    public func update(_ id: String, _ resources: Resources) throws(RuntimeError) {
        throw .unsupported(path: "", reason: "update")
    }
    public func summary(_ id: String) throws(RuntimeError) -> ContainerSummary {
        throw .unsupported(path: "", reason: "state")
    }
    /// Every container below ``root``, by ID; one which vanishes meanwhile is left out.
    public func list() throws(RuntimeError) -> [ContainerSummary] {
        throw .unsupported(path: "", reason: "list")
    }
    /// Pids of all processes in the container, as the runtime's pid namespace counts.
    public func processes(_ id: String) throws(RuntimeError) -> [Int32] {
        throw .unsupported(path: "", reason: "ps")
    }
    /// The process `exec` starts from when only a command is given: the container's own, with its user, env, cwd.
    public func defaultProcess(_ id: String) throws(RuntimeError) -> Process {
        throw .unsupported(path: "", reason: "exec")
    }
    /// Resources in force as far as the runtime set them (`update` merges its flags into these).
    public func resources(_ id: String) throws(RuntimeError) -> Resources {
        throw .unsupported(path: "", reason: "update")
    }
    /// The container's cgroup, for statistics and out-of-memory events.
    public func cgroup(_ id: String) throws(RuntimeError) -> Cgroup {
        throw .unsupported(path: "", reason: "events")
    }
}
