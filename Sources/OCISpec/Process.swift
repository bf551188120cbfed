/// The program of a container, or one added by `exec`. config.md, "Process".
public struct Process: Hashable, Sendable {
    public var terminal = false
    /// Size of the terminal; used only with `terminal`.
    public var consoleSize: ConsoleSize?
    public var user = User()
    /// The program and its arguments. Empty only where the document has no `args`.
    public var args: [String] = []
    /// `NAME=value` each.
    public var env: [String] = []
    /// Absolute path inside the container.
    public var cwd = "/"
    public var capabilities: Capabilities?
    public var rlimits: [Rlimit] = []
    public var noNewPrivileges = false
    public var apparmorProfile: String?
    /// -1000 to 1000; `nil` leaves what is inherited.
    public var oomScoreAdj: Int?
    public var selinuxLabel: String?
    public var scheduler: Scheduler?
    public var ioPriority: IOPriority?
    public var execCPUAffinity: ExecCPUAffinity?

    public init() {}
}

/// Size of a terminal in characters.
public struct ConsoleSize: Hashable, Sendable {
    public var height: UInt16
    public var width: UInt16

    public init(height: UInt16, width: UInt16) {
        self.height = height
        self.width = width
    }
}

/// Who a process runs as: numbers inside the container. config.md, "User".
public struct User: Hashable, Sendable {
    public var uid: UInt32 = 0
    public var gid: UInt32 = 0
    public var umask: UInt32?
    public var additionalGids: [UInt32] = []

    public init() {}
}

/// The five capability sets of capabilities(7), by name, for example `CAP_NET_RAW`.
///
/// A name this runtime does not know stays in the list: it is warned of, not refused (config.md).
public struct Capabilities: Hashable, Sendable {
    public var bounding: [String] = []
    public var effective: [String] = []
    public var inheritable: [String] = []
    public var permitted: [String] = []
    public var ambient: [String] = []

    public init() {}
}

/// A limit of setrlimit(2).
public struct Rlimit: Hashable, Sendable {
    /// The name, for example `RLIMIT_NOFILE`.
    public var type: String
    public var soft: UInt64
    public var hard: UInt64

    public init(type: String, soft: UInt64, hard: UInt64) {
        self.type = type
        self.soft = soft
        self.hard = hard
    }
}

/// Attributes of sched_setattr(2). config.md, "Linux Process", `scheduler`.
public struct Scheduler: Hashable, Sendable {
    /// The policies of sched(7).
    public enum Policy: String, CaseIterable, Sendable {
        case other = "SCHED_OTHER"
        case fifo = "SCHED_FIFO"
        case roundRobin = "SCHED_RR"
        case batch = "SCHED_BATCH"
        case iso = "SCHED_ISO"
        case idle = "SCHED_IDLE"
        case deadline = "SCHED_DEADLINE"
    }

    /// The flags of sched_setattr(2).
    public enum Flag: String, CaseIterable, Sendable {
        case resetOnFork = "SCHED_FLAG_RESET_ON_FORK"
        case reclaim = "SCHED_FLAG_RECLAIM"
        case deadlineOverrun = "SCHED_FLAG_DL_OVERRUN"
        case keepPolicy = "SCHED_FLAG_KEEP_POLICY"
        case keepParameters = "SCHED_FLAG_KEEP_PARAMS"
        case utilizationClampMinimum = "SCHED_FLAG_UTIL_CLAMP_MIN"
        case utilizationClampMaximum = "SCHED_FLAG_UTIL_CLAMP_MAX"
    }

    public var policy = Policy.other
    public var nice: Int32 = 0
    public var priority: Int32 = 0
    public var flags: [Flag] = []
    /// Nanoseconds; used only with ``Policy/deadline``.
    public var runtime: UInt64 = 0
    public var deadline: UInt64 = 0
    public var period: UInt64 = 0

    public init() {}
}

/// Class and level of ioprio_set(2). config.md, "Linux Process", `ioPriority`.
public struct IOPriority: Hashable, Sendable {
    /// The scheduling classes of ioprio_set(2).
    public enum Class: String, CaseIterable, Sendable {
        case realtime = "IOPRIO_CLASS_RT"
        case bestEffort = "IOPRIO_CLASS_BE"
        case idle = "IOPRIO_CLASS_IDLE"
    }

    public var `class`: Class
    /// 0 (highest) to 7.
    public var priority: Int32

    public init(class: Class, priority: Int32) {
        self.class = `class`
        self.priority = priority
    }
}

/// CPUs of a process started by `exec`, as lists like `0-2,7`. config.md, "Linux Process".
public struct ExecCPUAffinity: Hashable, Sendable {
    /// While the process moves into the cgroup.
    public var initial: String?
    /// Once it is there.
    public var final: String?

    public init() {}
}
