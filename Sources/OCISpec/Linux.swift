/// What only Linux has. OCI runtime-spec 1.3, config-linux.md.
public struct Linux: Hashable, Sendable {
    public var namespaces: [Namespace] = []
    public var uidMappings: [IDMapping] = []
    public var gidMappings: [IDMapping] = []
    public var timeOffsets: [TimeOffset] = []
    public var devices: [Device] = []
    /// By the name the interface has in the runtime's network namespace.
    public var netDevices: [NetDevice] = []
    /// Where the container's cgroup is; `nil` lets the runtime choose.
    public var cgroupsPath: String?
    public var rootfsPropagation: Propagation?
    public var maskedPaths: [String] = []
    public var readonlyPaths: [String] = []
    public var mountLabel: String?
    public var personality: Personality?
    public var seccomp: Seccomp?
    public var sysctl: [Sysctl] = []
    public var memoryPolicy: MemoryPolicy?
    public var resources = Resources()
    public var intelRdt: IntelRdt?

    public init() {}
}

/// A namespace the container gets (``path`` is `nil`: a new one) or joins. config-linux.md, "Namespaces".
public struct Namespace: Hashable, Sendable {
    /// The kinds of namespace, by their names in namespaces(7).
    public enum Kind: String, CaseIterable, Sendable {
        case pid, network, mount, ipc, uts, user, cgroup, time
    }

    public var type: Kind
    /// Absolute path of the namespace file to join.
    public var path: String?

    public init(type: Kind, path: String? = nil) {
        self.type = type
        self.path = path
    }
}

/// How far a clock of a new time namespace is from the host's. config-linux.md, "Offset for Time Namespace".
public struct TimeOffset: Hashable, Sendable {
    /// The clocks a time namespace shifts.
    public enum Clock: String, CaseIterable, Sendable {
        case monotonic, boottime
    }

    public var clock: Clock
    public var secs: Int64
    public var nanosecs: UInt32

    public init(clock: Clock, secs: Int64, nanosecs: UInt32) {
        self.clock = clock
        self.secs = secs
        self.nanosecs = nanosecs
    }
}

/// A device file. config-linux.md, "Devices".
public struct Device: Hashable, Sendable {
    /// The types of mknod(1).
    public enum Kind: String, CaseIterable, Sendable {
        case character = "c"
        case block = "b"
        /// What mknod(1) calls an unbuffered character device; the same as ``character``.
        case unbuffered = "u"
        case fifo = "p"
    }

    public var type = Kind.character
    /// Absolute path inside the container.
    public var path = ""
    public var major: Int64 = 0
    public var minor: Int64 = 0
    /// Permission bits; `nil` means 0666.
    public var fileMode: UInt32?
    public var uid: UInt32?
    public var gid: UInt32?

    public init() {}
}

/// A network interface that moves into the container. config-linux.md, "Network Devices".
public struct NetDevice: Hashable, Sendable {
    /// Name in the runtime's network namespace.
    public var hostName: String
    /// New name inside the container; `nil` keeps it.
    public var name: String?

    public init(hostName: String, name: String? = nil) {
        self.hostName = hostName
        self.name = name
    }
}

/// Propagation of the container's root mount. config-linux.md, "Rootfs Mount Propagation".
public enum Propagation: String, CaseIterable, Sendable {
    case shared, slave, `private`, unbindable
    // runc and Docker write the recursive names, too.
    case rshared, rslave, rprivate, runbindable
}

/// The execution domain. config-linux.md, "Personality".
public struct Personality: Hashable, Sendable {
    /// The domains of personality(2) the specification has.
    public enum Domain: String, CaseIterable, Sendable {
        case linux = "LINUX"
        case linux32 = "LINUX32"
    }

    public var domain: Domain
    /// The specification knows no flag yet: must be empty.
    public var flags: [String]

    public init(domain: Domain, flags: [String] = []) {
        self.domain = domain
        self.flags = flags
    }
}

/// A kernel parameter, for example `net.ipv4.ip_forward`. config-linux.md, "Sysctl".
public struct Sysctl: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// NUMA policy of set_mempolicy(2). config-linux.md, "Memory Policy".
public struct MemoryPolicy: Hashable, Sendable {
    /// The modes of set_mempolicy(2).
    public enum Mode: String, CaseIterable, Sendable {
        case `default` = "MPOL_DEFAULT"
        case preferred = "MPOL_PREFERRED"
        case bind = "MPOL_BIND"
        case interleave = "MPOL_INTERLEAVE"
        case local = "MPOL_LOCAL"
        case preferredMany = "MPOL_PREFERRED_MANY"
        case weightedInterleave = "MPOL_WEIGHTED_INTERLEAVE"
    }

    /// The mode flags of set_mempolicy(2).
    public enum Flag: String, CaseIterable, Sendable {
        case staticNodes = "MPOL_F_STATIC_NODES"
        case relativeNodes = "MPOL_F_RELATIVE_NODES"
        case numaBalancing = "MPOL_F_NUMA_BALANCING"
    }

    public var mode: Mode
    /// Node list like `0-3,7`; empty where the mode takes none.
    public var nodes: String
    public var flags: [Flag]

    public init(mode: Mode, nodes: String = "", flags: [Flag] = []) {
        self.mode = mode
        self.nodes = nodes
        self.flags = flags
    }
}

/// Intel Resource Director Technology. Read so that it can be refused by name; this runtime does not act on it.
public struct IntelRdt: Hashable, Sendable {
    public var closID: String?
    public var l3CacheSchema: String?
    public var memBwSchema: String?
    /// Lines for the `schemata` file.
    public var schemata: [String] = []
    public var enableMonitoring = false

    public init() {}
}
