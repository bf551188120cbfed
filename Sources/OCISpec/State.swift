/// What `state` prints and hooks read from standard input. OCI runtime-spec 1.3, runtime.md, "State".
public struct State: Hashable, Sendable {
    public var ociVersion: String
    public var id: String
    /// `creating`, `created`, `running`, `stopped`, or a word of the runtime's own.
    public var status: String
    /// As the runtime's pid namespace counts; `nil` where there is no process.
    public var pid: Int32?
    /// Absolute path.
    public var bundle: String
    public var annotations: [String: String]

    public init(
        ociVersion: String = "", id: String = "", status: String = "", pid: Int32? = nil, bundle: String = "",
        annotations: [String: String] = [:]
    ) {
        self.ociVersion = ociVersion
        self.id = id
        self.status = status
        self.pid = pid
        self.bundle = bundle
        self.annotations = annotations
    }
}

/// What a seccomp agent gets together with the notify descriptor. config-linux.md, "The Container Process State".
public struct ContainerProcessState: Hashable, Sendable {
    public var ociVersion: String
    /// Names of the descriptors that were sent, in their order.
    public var fds: [String]
    /// The container process as the runtime's pid namespace counts.
    public var pid: Int32
    /// ``Seccomp/listenerMetadata``.
    public var metadata: String?
    public var state: State

    public init(ociVersion: String, fds: [String], pid: Int32, metadata: String?, state: State) {
        self.ociVersion = ociVersion
        self.fds = fds
        self.pid = pid
        self.metadata = metadata
        self.state = state
    }
}
