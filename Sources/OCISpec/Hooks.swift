/// Programs run at points of the container's life. config.md, "POSIX-platform Hooks".
public struct Hooks: Hashable, Sendable {
    /// Deprecated by the specification; run just before ``createRuntime``.
    public var prestart: [Hook] = []
    /// In the runtime's namespaces, after the container's namespaces exist, before pivot_root.
    public var createRuntime: [Hook] = []
    /// In the container's namespaces, before pivot_root.
    public var createContainer: [Hook] = []
    /// In the container's namespaces, during `start`, before the user's program.
    public var startContainer: [Hook] = []
    /// In the runtime's namespaces, after the user's program has started.
    public var poststart: [Hook] = []
    /// In the runtime's namespaces, after the container was deleted.
    public var poststop: [Hook] = []

    public init() {}
}

/// One program of ``Hooks``.
public struct Hook: Hashable, Sendable {
    /// Absolute path.
    public var path = ""
    /// The whole argument list, `argv[0]` included; empty means only ``path``.
    public var args: [String] = []
    public var env: [String] = []
    /// Seconds after which the hook is killed; greater than 0.
    public var timeout: Int?

    public init() {}
}
