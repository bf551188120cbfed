/// Limits of the container's cgroup. config-linux.md, "Control groups".
///
/// A limit of -1 means none, an absent one leaves what the kernel has.
public struct Resources: Hashable, Sendable {
    /// In the order of the document: the last one that matches decides.
    public var devices: [DeviceRule] = []
    public var memory: Memory?
    public var cpu: CPU?
    public var blockIO: BlockIO?
    public var pids: Pids?
    public var hugepageLimits: [HugepageLimit] = []
    public var network: Network?
    /// By device name, for example `mlx5_1`.
    public var rdma: [RDMALimit] = []
    /// Files of a cgroup v2 directory and what is written to them, in this order.
    public var unified: [UnifiedFile] = []

    public init() {}

    /// Whether a device may be used. config-linux.md, "Allowed Device list".
    public struct DeviceRule: Hashable, Sendable {
        /// What a rule is about.
        public enum Kind: String, CaseIterable, Sendable {
            case all = "a"
            case character = "c"
            case block = "b"
        }

        public var allow = false
        public var type = Kind.all
        /// `nil` means all numbers.
        public var major: Int64?
        public var minor: Int64?
        /// Letters of `r` (read), `w` (write), `m` (mknod); empty means all three.
        public var access = ""

        public init() {}
    }

    /// Bytes each.
    public struct Memory: Hashable, Sendable {
        public var limit: Int64?
        public var reservation: Int64?
        /// Memory and swap together.
        public var swap: Int64?
        /// cgroup v1 only; deprecated by the specification.
        public var kernel: Int64?
        public var kernelTCP: Int64?
        /// 0 to 100. cgroup v1 only.
        public var swappiness: UInt64?
        public var disableOOMKiller: Bool?
        public var useHierarchy: Bool?
        /// Refuse a limit below what is in use, instead of letting the kernel kill.
        public var checkBeforeUpdate: Bool?

        public init() {}
    }

    /// Time and placement on processors. config-linux.md, "CPU".
    public struct CPU: Hashable, Sendable {
        public var shares: UInt64?
        /// Microseconds in each ``period``; -1 for no limit.
        public var quota: Int64?
        /// Microseconds that may be saved up.
        public var burst: UInt64?
        public var period: UInt64?
        public var realtimeRuntime: Int64?
        public var realtimePeriod: UInt64?
        /// Lists like `0-3,7`.
        public var cpus: String?
        public var mems: String?
        /// 1 makes the cgroup run only when nothing else wants to.
        public var idle: Int64?

        public init() {}
    }

    /// Weights and rates of block devices. config-linux.md, "Block IO".
    public struct BlockIO: Hashable, Sendable {
        public var weight: UInt16?
        public var leafWeight: UInt16?
        public var weightDevice: [WeightDevice] = []
        public var throttleReadBpsDevice: [ThrottleDevice] = []
        public var throttleWriteBpsDevice: [ThrottleDevice] = []
        public var throttleReadIOPSDevice: [ThrottleDevice] = []
        public var throttleWriteIOPSDevice: [ThrottleDevice] = []

        public init() {}
    }

    /// The share of one device, 10 to 1000.
    public struct WeightDevice: Hashable, Sendable {
        public var major: Int64 = 0
        public var minor: Int64 = 0
        public var weight: UInt16?
        public var leafWeight: UInt16?
        public init() {}
    }

    /// The highest rate of one device.
    public struct ThrottleDevice: Hashable, Sendable {
        public var major: Int64 = 0
        public var minor: Int64 = 0
        /// Bytes or operations in a second.
        public var rate: UInt64 = 0
        public init() {}
    }

    /// The number of tasks. config-linux.md, "PIDs".
    public struct Pids: Hashable, Sendable {
        /// 0 and below mean no limit (runc's reading of 1.2 documents); `nil` leaves it.
        public var limit: Int64?
        public init() {}
    }

    /// Huge pages of one size. config-linux.md, "Huge page limits".
    public struct HugepageLimit: Hashable, Sendable {
        /// For example `2MB` or `64KB`.
        public var pageSize = ""
        /// Bytes.
        public var limit: UInt64 = 0
        public init() {}
    }

    /// Marks on packets; cgroup v1 only. config-linux.md, "Network".
    public struct Network: Hashable, Sendable {
        public var classID: UInt32?
        public var priorities: [InterfacePriority] = []
        public init() {}
    }

    /// The priority of packets that leave through one interface of the host.
    public struct InterfacePriority: Hashable, Sendable {
        public var name = ""
        public var priority: UInt32 = 0
        public init() {}
    }

    /// Resources of one RDMA device. config-linux.md, "RDMA".
    public struct RDMALimit: Hashable, Sendable {
        public var device = ""
        public var hcaHandles: UInt32?
        public var hcaObjects: UInt32?
        public init() {}
    }

    /// One file of a cgroup v2 directory. config-linux.md, "Unified".
    public struct UnifiedFile: Hashable, Sendable {
        /// A file name, for example `memory.high`; never a path.
        public var name = ""
        public var value = ""
        public init() {}
    }
}
