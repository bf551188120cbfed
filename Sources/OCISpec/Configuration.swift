/// The container's configuration, as `config.json` of a bundle says it. OCI runtime-spec 1.3, config.md.
///
/// Names are those of the document. A list that is absent is empty; a scalar that is absent is `nil`.
public struct Configuration: Hashable, Sendable {
    /// Version of the specification the document was written for, for example `1.2.0`.
    public var ociVersion = ""
    public var root = Root()
    /// Absent where the container only is created and never started.
    public var process: Process?
    public var hostname: String?
    public var domainname: String?
    /// In the order they are mounted.
    public var mounts: [Mount] = []
    public var hooks = Hooks()
    public var annotations: [String: String] = [:]
    public var linux = Linux()

    public init() {}
}

/// The container's root file system. config.md, "Root".
public struct Root: Hashable, Sendable {
    /// Absolute, or relative to the bundle.
    public var path = ""
    public var readonly = false

    public init() {}
}

/// A mount of `config.json`. config.md, "Mounts".
public struct Mount: Hashable, Sendable {
    /// Path inside the container; a relative one starts at `/`.
    public var destination = ""
    /// File system type; empty for a bind mount.
    public var type = ""
    /// A device, a path (relative ones start at the bundle), or a dummy name.
    public var source = ""
    /// Options as fstab(5) writes them, for example `nosuid`, `size=65536k`.
    public var options: [String] = []
    /// Maps of an id-mapped mount; empty for none. config-linux.md allows them on bind mounts.
    public var uidMappings: [IDMapping] = []
    public var gidMappings: [IDMapping] = []

    public init() {}
}

/// A range of user or group ids. config-linux.md, "User namespace mappings".
public struct IDMapping: Hashable, Sendable {
    public var containerID: UInt32
    public var hostID: UInt32
    /// Number of ids; never 0.
    public var size: UInt32

    public init(containerID: UInt32, hostID: UInt32, size: UInt32) {
        self.containerID = containerID
        self.hostID = hostID
        self.size = size
    }
}
