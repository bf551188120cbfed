public import OCISpec

/// The runtime over one state directory: every operation of the command line, without its words.
public struct ContainerRuntime: Sendable {
    /// Absolute path of the state directory (`--root`); one directory for each container below it.
    public let root: String
    /// Says something worth a person's notice that is no failure.
    public let warn: @Sendable (String) -> Void

    public init(root: String, warn: @escaping @Sendable (String) -> Void) {
        self.root = root
        self.warn = warn
    }
}

/// What `create` and `run` are asked for.
public struct CreateOptions: Sendable {
    public var id: String
    /// Absolute path of the bundle.
    public var bundle: String
    /// The configuration file; `nil` is `config.json` in the bundle.
    public var configurationPath: String?
    /// Socket which gets the terminal's master side.
    public var consoleSocket: String?
    /// Socket which gets a pidfd of the container's first process.
    public var pidfdSocket: String?
    public var pidFile: String?
    /// Use MS_MOVE and chroot instead of pivot_root(2).
    public var noPivot = false
    public var noNewKeyring = false
    /// How many descriptors the container inherits; they begin at 3, or behind the sockets of ``serviceManager``.
    public var preservedDescriptors: Int32 = 0
    /// What the caller was handed for the container.
    public var serviceManager = ServiceManager()

    public init(id: String, bundle: String) {
        self.id = id
        self.bundle = bundle
    }
}

/// What `run` is asked for beyond `create`.
public struct RunOptions: Sendable {
    public var detach = false
    /// Keep the container's state after its program has ended.
    public var keep = false
    public var noSubreaper = false

    public init() {}
}

/// What `exec` is asked for.
public struct ExecOptions: Sendable {
    public var id: String
    /// The process to start; already complete: flags of the command line have been merged into it.
    public var process: Process
    /// What ``ContainerRuntime/configuration(of:)`` says: who has merged the process has read it.
    public var configuration: Configuration
    public var consoleSocket: String?
    public var pidfdSocket: String?
    public var pidFile: String?
    public var detach = false
    public var preservedDescriptors: Int32 = 0
    /// `--cgroup`: pairs of controller (empty for all) and path below the container's cgroup.
    public var cgroups: [(controller: String, path: String)] = []
    public var ignorePaused = false
    public var noSubreaper = false

    public init(id: String, process: Process, configuration: Configuration) {
        self.id = id
        self.process = process
        self.configuration = configuration
    }
}

/// One container as `state` and `list` show it.
public struct ContainerSummary: Hashable, Sendable {
    public var ociVersion = ""
    public var id = ""
    public var state = ContainerState.creating
    public var bundle = ""
    public var rootfs = ""
    /// RFC 3339 with nanoseconds, in UTC.
    public var created = ""
    public var annotations: [String: String] = [:]
    /// Name of the user who made it; the number where it has no name.
    public var owner = ""

    public init() {}
}
