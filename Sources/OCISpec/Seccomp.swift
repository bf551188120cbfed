/// Which system calls the container may make. config-linux.md, "Seccomp".
public struct Seccomp: Hashable, Sendable {
    /// What happens to a system call, by libseccomp's names.
    public enum Action: String, CaseIterable, Sendable {
        case kill = "SCMP_ACT_KILL"
        case killProcess = "SCMP_ACT_KILL_PROCESS"
        case killThread = "SCMP_ACT_KILL_THREAD"
        case trap = "SCMP_ACT_TRAP"
        case errno = "SCMP_ACT_ERRNO"
        case trace = "SCMP_ACT_TRACE"
        case allow = "SCMP_ACT_ALLOW"
        case log = "SCMP_ACT_LOG"
        case notify = "SCMP_ACT_NOTIFY"
    }

    /// Calling conventions, by libseccomp's names.
    public enum Architecture: String, CaseIterable, Sendable {
        case x86 = "SCMP_ARCH_X86"
        case x86_64 = "SCMP_ARCH_X86_64"
        case x32 = "SCMP_ARCH_X32"
        case arm = "SCMP_ARCH_ARM"
        case aarch64 = "SCMP_ARCH_AARCH64"
        case mips = "SCMP_ARCH_MIPS"
        case mips64 = "SCMP_ARCH_MIPS64"
        case mips64n32 = "SCMP_ARCH_MIPS64N32"
        case mipsel = "SCMP_ARCH_MIPSEL"
        case mipsel64 = "SCMP_ARCH_MIPSEL64"
        case mipsel64n32 = "SCMP_ARCH_MIPSEL64N32"
        case ppc = "SCMP_ARCH_PPC"
        case ppc64 = "SCMP_ARCH_PPC64"
        case ppc64le = "SCMP_ARCH_PPC64LE"
        case s390 = "SCMP_ARCH_S390"
        case s390x = "SCMP_ARCH_S390X"
        case parisc = "SCMP_ARCH_PARISC"
        case parisc64 = "SCMP_ARCH_PARISC64"
        case riscv64 = "SCMP_ARCH_RISCV64"
        case loongarch64 = "SCMP_ARCH_LOONGARCH64"
        case m68k = "SCMP_ARCH_M68K"
        case sh = "SCMP_ARCH_SH"
        case sheb = "SCMP_ARCH_SHEB"
    }

    /// The flags of seccomp(2).
    public enum Flag: String, CaseIterable, Sendable {
        case tsync = "SECCOMP_FILTER_FLAG_TSYNC"
        case log = "SECCOMP_FILTER_FLAG_LOG"
        case specAllow = "SECCOMP_FILTER_FLAG_SPEC_ALLOW"
        case waitKillableReceive = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"
    }

    /// How an argument is compared, by libseccomp's names.
    public enum Operator: String, CaseIterable, Sendable {
        case notEqual = "SCMP_CMP_NE"
        case less = "SCMP_CMP_LT"
        case lessOrEqual = "SCMP_CMP_LE"
        case equal = "SCMP_CMP_EQ"
        case greaterOrEqual = "SCMP_CMP_GE"
        case greater = "SCMP_CMP_GT"
        case maskedEqual = "SCMP_CMP_MASKED_EQ"
    }

    /// A rule about some system calls.
    public struct Rule: Hashable, Sendable {
        public var names: [String] = []
        public var action = Action.allow
        public var errnoRet: UInt32?
        public var args: [Argument] = []
        public init() {}
    }

    /// A condition on one argument of a system call.
    public struct Argument: Hashable, Sendable {
        /// 0 to 5.
        public var index: UInt32 = 0
        public var value: UInt64 = 0
        /// Used by ``Operator/maskedEqual``.
        public var valueTwo: UInt64 = 0
        public var op = Operator.equal
        public init() {}
    }

    public var defaultAction = Action.allow
    public var defaultErrnoRet: UInt32?
    /// Empty means the architecture of the machine.
    public var architectures: [Architecture] = []
    /// `nil` where the document has no `flags`: the runtime then chooses.
    public var flags: [Flag]?
    /// Socket that gets the notify descriptor.
    public var listenerPath: String?
    public var listenerMetadata: String?
    public var syscalls: [Rule] = []

    public init() {}
}
