let linuxRows: [ValidationTests.Row] = [
    ("linux", "[]", "linux: expected object"),
    ("linux.namespaces[0].type", "", "linux.namespaces[0].type: missing"),
    (
        "linux.namespaces[0].type", #""pidd""#,
        "linux.namespaces[0].type: unknown value 'pidd' (allowed: pid, network, mount, ipc, uts, user, cgroup, time)"
    ),
    ("linux.namespaces[0].type", #""time""#, "linux.namespaces[7].type: 'time' stands here a second time"),
    (
        "linux.namespaces[1].path", #""netns/a""#,
        "linux.namespaces[1].path: 'netns/a' is not an absolute path"
    ),
    ("linux.uidMappings", "[]", "linux.uidMappings: a new user namespace needs at least one mapping"),
    ("linux.gidMappings", "", "linux.gidMappings: a new user namespace needs at least one mapping"),
    ("linux.namespaces[5]", "", "linux.uidMappings: needs a user namespace"),
    (
        "linux.uidMappings[1].containerID", "4294967295",
        "linux.uidMappings[1].containerID: 4294967295 and the size 1"
    ),
    ("linux.uidMappings[0].hostID", "", "linux.uidMappings[0].hostID: missing"),
    ("linux.uidMappings[1].size", "0", "linux.uidMappings[1].size: must be greater than 0"),
    (
        "linux.uidMappings[1].containerID", "65535",
        "linux.uidMappings[1].containerID: the IDs are mapped twice"
    ),
    ("linux.uidMappings[1].hostID", "100000", "linux.uidMappings[1].hostID: the IDs are mapped twice"),
    (
        "linux.gidMappings[0].size", "4294967295",
        "linux.gidMappings[0].hostID: 100000 and the size 4294967295 go beyond"
    ),
    (
        "linux.gidMappings[0].containerID", "4294967295",
        "linux.gidMappings[0].containerID: 4294967295 and the size"
    ),
    (
        "linux.timeOffsets.realtime", "{}",
        "linux.timeOffsets.realtime: unknown value 'realtime' (allowed: monotonic, boottime)"
    ),
    (
        "linux.timeOffsets.monotonic.nanosecs", "1000000000",
        "linux.timeOffsets.monotonic.nanosecs: 1000000000 is out of range"
    ),
    ("linux.namespaces[7]", "", "linux.timeOffsets: needs a time namespace"),
    (
        "linux.namespaces[7].path", #""/proc/1/ns/time""#,
        "linux.timeOffsets: a time namespace that exists keeps"
    ),
    ("linux.devices[0].path", #""dev/fuse""#, "linux.devices[0].path: 'dev/fuse' is not an absolute path"),
    ("linux.devices[0].type", #""x""#, "linux.devices[0].type: unknown value 'x' (allowed: c, b, u, p)"),
    ("linux.devices[0].major", "", "linux.devices[0].major: missing"),
    ("linux.devices[0].major", "4096", "linux.devices[0].major: 4096 is out of range (allowed: 0 to 4095)"),
    ("linux.devices[0].minor", "-1", "linux.devices[0].minor: -1 is out of range (allowed: 0 to 1048575)"),
    ("linux.devices[0].fileMode", "-1", "linux.devices[0].fileMode: -1 is out of range"),
    ("linux.namespaces[1]", "", "linux.netDevices: needs a network namespace"),
    ("linux.netDevices[\"a/b\"]", "{}", "linux.netDevices[\"a/b\"]: 'a/b' is no name of an interface"),
    (
        "linux.netDevices[\"abcdefghijklmnop\"]", "{}",
        "linux.netDevices.abcdefghijklmnop: 'abcdefghijklmnop' is no name"
    ),
    ("linux.netDevices.eth7.name", #""a b""#, "linux.netDevices.eth7.name: 'a b' is no name of an interface"),
    ("linux.netDevices.eth7.name", #""..""#, "linux.netDevices.eth7.name: '..' is no name"),
    (
        "linux.netDevices.eth7.name", #""e%dth""#,
        "linux.netDevices.eth7.name: 'e%dth' must not contain '%' but in '%d' at its end"
    ),
    (
        "linux.netDevices.eth9.name", #""container_eth0""#,
        "linux.netDevices.eth9.name: 'container_eth0' is the name of another device"
    ),
    ("linux.netDevices.eth7", "[]", "linux.netDevices.eth7: expected object"),
    ("linux.cgroupsPath", #""/a/../b""#, "linux.cgroupsPath: '/a/../b' must not contain '..'"),
    (
        "linux.rootfsPropagation", #""none""#,
        "linux.rootfsPropagation: unknown value 'none' (allowed: shared, slave,"
    ),
    ("linux.maskedPaths[0]", #""proc""#, "linux.maskedPaths[0]: 'proc' is not an absolute path"),
    ("linux.readonlyPaths[0]", #""""#, "linux.readonlyPaths[0]: '' is not an absolute path"),
    (
        "linux.personality.domain", #""LINUX64""#,
        "linux.personality.domain: unknown value 'LINUX64' (allowed: LINUX, LINUX32)"
    ),
    ("linux.personality.flags", #"["X"]"#, "linux.personality.flags: must be empty"),
    ("linux.memoryPolicy.mode", #""X""#, "linux.memoryPolicy.mode: unknown value 'X' (allowed: MPOL_DEFAULT"),
    ("linux.memoryPolicy.mode", #""MPOL_LOCAL""#, "linux.memoryPolicy.nodes: must be empty for MPOL_LOCAL"),
    ("linux.memoryPolicy.nodes", #""""#, "linux.memoryPolicy.nodes: must name the nodes for MPOL_INTERLEAVE"),
    ("linux.memoryPolicy.nodes", #""0,a""#, "linux.memoryPolicy.nodes: '0,a' is not a list"),
    (
        "linux.memoryPolicy.flags", #"["MPOL_F_STATIC_NODES","MPOL_F_RELATIVE_NODES"]"#,
        "linux.memoryPolicy.flags: MPOL_F_STATIC"
    ),
    (
        "linux.intelRdt", #"{"closID":"a","schemata":["L3:0=f"],"enableMonitoring":true}"#,
        "linux.intelRdt: is not supported by this runtime"
    ),
    ("linux.intelRdt", "{}", "linux.intelRdt: is not supported by this runtime"),
]

let sysctlRows: [ValidationTests.Row] = [
    (
        "linux.sysctl[\"kernel.hostname\"]", #""x""#,
        "linux.sysctl[\"kernel.hostname\"]: is set by the member hostname"
    ),
    ("linux.sysctl[\"vm.swappiness\"]", #""1""#, "linux.sysctl[\"vm.swappiness\"]: belongs to no namespace"),
    (
        "linux.sysctl[\"kernel.core_pattern\"]", #""|/x""#,
        "linux.sysctl[\"kernel.core_pattern\"]: belongs to no namespace"
    ),
    ("linux.sysctl[\"fs.file-max\"]", #""1""#, "linux.sysctl[\"fs.file-max\"]: belongs to no namespace"),
    (
        "linux.sysctl[\"net.ipv4.ip_forward\"]", "1",
        "linux.sysctl[\"net.ipv4.ip_forward\"]: expected string, found integer"
    ),
    (
        "linux.sysctl[\"net//kernel.core_pattern\"]", #""1""#,
        "linux.sysctl[\"net//kernel.core_pattern\"]: is no name"
    ),
    (
        "linux.sysctl[\"net.//.kernel.core_pattern\"]", #""1""#,
        "linux.sysctl[\"net.//.kernel.core_pattern\"]: is no name"
    ),
    (
        "linux.sysctl[\"net/../kernel/core_pattern\"]", #""1""#,
        "linux.sysctl[\"net/../kernel/core_pattern\"]: is no name"
    ),
    ("linux.sysctl[\"net\"]", #""1""#, "linux.sysctl.net: is no name"),
    ("linux.sysctl[\"\"]", #""1""#, "linux.sysctl[\"\"]: is no name"),
    ("linux.namespaces[3]", "", "linux.sysctl[\"kernel.msgmax\"]: needs a namespace of type ipc"),
]

let seccompRows: [ValidationTests.Row] = [
    ("linux.seccomp.defaultAction", "", "linux.seccomp.defaultAction: missing"),
    (
        "linux.seccomp.defaultAction", #""SCMP_ACT_NO""#,
        "linux.seccomp.defaultAction: unknown value 'SCMP_ACT_NO' (allowed: SCMP_ACT_KILL,"
    ),
    (
        "linux.seccomp.defaultAction", #""SCMP_ACT_NOTIFY""#,
        "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY cannot be the default"
    ),
    (
        "linux.seccomp.defaultAction", #""SCMP_ACT_KILL""#,
        "linux.seccomp.defaultErrnoRet: SCMP_ACT_KILL takes no number"
    ),
    (
        "linux.seccomp.defaultErrnoRet", "4096",
        "linux.seccomp.defaultErrnoRet: 4096 is out of range (allowed: 0 to 4095)"
    ),
    (
        "linux.seccomp.architectures[0]", #""x86""#,
        "linux.seccomp.architectures[0]: unknown value 'x86' (allowed: SCMP_ARCH_X86,"
    ),
    (
        "linux.seccomp.flags[0]", #""LOG""#,
        "linux.seccomp.flags[0]: unknown value 'LOG' (allowed: SECCOMP_FILTER_FLAG_TSYNC,"
    ),
    ("linux.seccomp.listenerMetadata", "1", "linux.seccomp.listenerMetadata: expected string"),
    ("linux.seccomp.listenerPath", "", "linux.seccomp.listenerPath: is needed for SCMP_ACT_NOTIFY"),
    (
        "linux.seccomp.listenerPath", #""agent.sock""#,
        "linux.seccomp.listenerPath: 'agent.sock' is not an absolute path"
    ),
    (
        "linux.seccomp", #"{"defaultAction":"SCMP_ACT_ALLOW","listenerMetadata":"x"}"#,
        "linux.seccomp.listenerMetadata: needs listenerPath"
    ),
    ("linux.seccomp.syscalls[0].names", "", "linux.seccomp.syscalls[0].names: missing"),
    (
        "linux.seccomp.syscalls[0].names", "[]",
        "linux.seccomp.syscalls[0].names: must name at least one system call"
    ),
    ("linux.seccomp.syscalls[0].names[1]", #""""#, "linux.seccomp.syscalls[0].names[1]: must not be empty"),
    ("linux.seccomp.syscalls[0].action", "", "linux.seccomp.syscalls[0].action: missing"),
    (
        "linux.seccomp.syscalls[0].errnoRet", "5000",
        "linux.seccomp.syscalls[0].errnoRet: 5000 is out of range"
    ),
    (
        "linux.seccomp.syscalls[1].errnoRet", "1",
        "linux.seccomp.syscalls[1].errnoRet: SCMP_ACT_ALLOW takes no number (allowed with: SCMP_ACT_ERRNO, SCMP_ACT_TRACE)"
    ),
    (
        "linux.seccomp.syscalls[1].args[0].index", "6",
        "linux.seccomp.syscalls[1].args[0].index: 6 is out of range (allowed: 0 to 5)"
    ),
    ("linux.seccomp.syscalls[1].args[0].op", "", "linux.seccomp.syscalls[1].args[0].op: missing"),
    (
        "linux.seccomp.syscalls[1].args[0].op", #""==""#,
        "linux.seccomp.syscalls[1].args[0].op: unknown value '==' (allowed: SCMP_CMP_NE,"
    ),
    (
        "linux.seccomp.syscalls[1].args[0].value", "-1",
        "linux.seccomp.syscalls[1].args[0].value: -1 is out of range"
    ),
]
