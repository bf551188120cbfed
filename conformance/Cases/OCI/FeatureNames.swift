/// Options that need something mounted before, or a mapping.
let mountOptionsThatNeedMore: Set<String> = ["remount", "idmap", "ridmap", "bind", "rbind", "mand"]

/// libseccomp makes no filter for a processor of the other byte order, whoever recognizes the name.
let bigEndianArchitectures = Set(
    ["MIPS", "MIPS64", "MIPS64N32", "PPC", "PPC64", "S390", "S390X", "PARISC", "PARISC64", "M68K", "SHEB"].map
    {
        "SCMP_ARCH_" + $0
    })

/// The properties the specification has, by the object they are in.
let featureProperties: [(String, Set<String>)] = [
    (
        "",
        [
            "ociVersionMin", "ociVersionMax", "hooks", "mountOptions", "linux", "annotations",
            "potentiallyUnsafeConfigAnnotations",
        ]
    ),
    (
        "linux",
        [
            "namespaces", "capabilities", "cgroup", "seccomp", "apparmor", "selinux", "memoryPolicy",
            "intelRdt", "mountExtensions", "netDevices",
        ]
    ),
    ("linux.cgroup", ["v1", "v2", "systemd", "systemdUser", "rdma"]),
    ("linux.seccomp", ["enabled", "actions", "operators", "archs", "knownFlags", "supportedFlags"]),
    ("linux.apparmor", ["enabled"]), ("linux.selinux", ["enabled"]),
    ("linux.memoryPolicy", ["modes", "flags"]),
    ("linux.intelRdt", ["enabled", "schemata", "monitoring"]), ("linux.mountExtensions", ["idmap"]),
    ("linux.netDevices", ["enabled"]),
]
