import JSON
import Testing

@testable import OCISpec

/// Each row changes one value of a good document.
@Suite struct ValidationTests {
    /// A row: where, the JSON text put there (empty: taken away), and the beginning of the complaint.
    typealias Row = (path: String, text: String, complaint: String)

    private func expect(_ row: Row, in document: JSONValue) throws {
        let value = row.text.isEmpty ? nil : try JSONValue(parsing: Array(row.text.utf8))
        let complaint = complaint(about: document.setting(row.path, to: value))
        if row.complaint.isEmpty {
            #expect(complaint.isEmpty, "\(row.path) = \(row.text)")
        } else {
            #expect(complaint.hasPrefix(row.complaint), "\(row.path) = \(row.text) says: \(complaint)")
        }
    }

    @Test(arguments: [
        "runc-spec.json", "runc-spec-rootless.json", "podman-root.json", "everything.json",
    ]) func realDocumentsAreGood(_ name: String) throws {
        #expect(complaint(about: try JSONValue(parsing: document(name))) == "")
    }

    @Test func aDocumentWithoutProgramIsNamed() throws {
        // `ctr oci spec` leaves args to whoever uses its document.
        #expect(
            complaint(about: try JSONValue(parsing: document("containerd.json"))).hasPrefix("process.args: "))
    }

    @Test func theFirstWrongValueIsNamed() throws {
        let good = try JSONValue(parsing: document("everything.json"))
        let bad = good.setting("linux.sysctl[\"vm.swappiness\"]", to: .string("1"))
            .setting("process.cwd", to: .string("work")).setting("process.oomScoreAdj", to: .integer(2000))
        #expect(complaint(about: bad) == "process.cwd: 'work' is not an absolute path")
    }

    @Test func badValuesAreNamed() throws {
        let good = try JSONValue(parsing: document("everything.json"))
        for row in processRows + configurationRows + linuxRows + sysctlRows + resourceRows + seccompRows {
            try expect(row, in: good)
        }
    }

    @Test func goodVariantsAreAccepted() throws {
        let good = try JSONValue(parsing: document("everything.json"))
        for (path, text) in goodRows { try expect((path, text, ""), in: good) }
    }

    @Test func processFilesAndResourceFilesNameTheirOwnPaths() throws {
        var process = Process()
        process.args = ["sh"]
        try process.validate()
        process.cwd = "here"
        #expect(throws: JSONError(path: "cwd", problem: .notAllowed("'here' is not an absolute path"))) {
            try process.validate()
        }
        var resources = Resources()
        resources.cpu = Resources.CPU()
        resources.cpu?.cpus = "a"
        let error = #expect(throws: JSONError.self) { try resources.validate() }
        #expect(error?.path == "cpu.cpus")
    }
}

private let configurationRows: [ValidationTests.Row] = [
    ("ociVersion", "", "ociVersion: missing"),
    ("ociVersion", "1", "ociVersion: expected string, found integer"),
    ("ociVersion", #""2.0.0""#, "ociVersion: '2.0.0' is not supported (allowed: versions 1.x.y"),
    ("ociVersion", #""0.9.9""#, "ociVersion: '0.9.9'"), ("ociVersion", #""1.0""#, "ociVersion: '1.0'"),
    ("ociVersion", #""1.+1.0""#, "ociVersion: "), ("ociVersion", #""""#, "ociVersion: "),
    ("ociVersion", #""1.0.99999999999999999999""#, "ociVersion: "),
    ("root", "", "root: missing"), ("root.path", "", "root.path: missing"),
    ("root.path", #""""#, "root.path: must not be empty"),
    ("root.readonly", "1", "root.readonly: expected boolean"),
    ("hostname", "{}", "hostname: expected string, found object"),
    ("hostname", "\"\(String(repeating: "h", count: 65))\"", "hostname: is longer than 64 bytes"),
    ("linux.namespaces[4]", "", "hostname: needs a uts namespace"),
    ("mounts", "{}", "mounts: expected array"), ("mounts[0]", "1", "mounts[0]: expected object"),
    ("mounts[0].destination", "", "mounts[0].destination: missing"),
    ("mounts[0].destination", #""""#, "mounts[0].destination: must not be empty"),
    ("mounts[1].options[2]", "7", "mounts[1].options[2]: expected string"),
    ("mounts[1].gidMappings", "", "mounts[1].gidMappings: uidMappings and gidMappings need each other"),
    ("mounts[1].uidMappings[0].size", "0", "mounts[1].uidMappings[0].size: must be greater than 0"),
    ("hooks.prestart[0].path", #""a""#, "hooks.prestart[0].path: 'a' is not an absolute path"),
    ("hooks.poststop[0].path", "", "hooks.poststop[0].path: missing"),
    ("hooks.prestart[0].timeout", "0", "hooks.prestart[0].timeout: must be greater than 0"),
    ("hooks.prestart[0].timeout", "99999999999", "hooks.prestart[0].timeout: 99999999999 is out of range"),
    ("hooks.prestart[0].args[1]", "1", "hooks.prestart[0].args[1]: expected string"),
    ("annotations[\"\"]", #""x""#, "annotations: a name must not be empty"),
    ("annotations[\"org.example.a\"]", "1", "annotations[\"org.example.a\"]: expected string, found integer"),
]

private let processRows: [ValidationTests.Row] = [
    ("process.args", "[]", "process.args: must begin with the name of a program"),
    ("process.args", "", "process.args: must begin"), ("process.args", #"[""]"#, "process.args: must begin"),
    ("process.args[0]", "null", "process.args[0]: expected string, found null"),
    ("process.cwd", "", "process.cwd: missing"), ("process.cwd", #""""#, "process.cwd: '' is not"),
    ("process.env[0]", #""PATH""#, "process.env[0]: 'PATH' is not NAME=value"),
    ("process.env[1]", #""=x""#, "process.env[1]: '=x' is not NAME=value"),
    ("process.terminal", #""yes""#, "process.terminal: expected boolean"),
    (
        "process.consoleSize.height", "65536",
        "process.consoleSize.height: 65536 is out of range (allowed: 0 to"
    ),
    ("process.user.uid", "-1", "process.user.uid: -1 is out of range (allowed: 0 to 4294967295)"),
    ("process.user.gid", "4294967296", "process.user.gid: 4294967296 is out of range"),
    ("process.user.umask", "512", "process.user.umask: 512 is out of range (allowed: 0 to 511)"),
    ("process.user.additionalGids[1]", #""5""#, "process.user.additionalGids[1]: expected integer"),
    (
        "process.rlimits[0].type", #""RLIMIT_X""#,
        "process.rlimits[0].type: unknown value 'RLIMIT_X' (allowed: RLIMIT_AS,"
    ),
    (
        "process.rlimits[1].type", #""RLIMIT_NOFILE""#,
        "process.rlimits[1].type: 'RLIMIT_NOFILE' stands here a"
    ),
    ("process.rlimits[0].soft", "4096", "process.rlimits[0].soft: 4096 is more than the hard limit 2048"),
    ("process.rlimits[0].hard", "-1", "process.rlimits[0].hard: -1 is out of range"),
    ("process.rlimits[1].hard", "18446744073709551616", "process.rlimits[1].hard: expected integer"),
    ("process.oomScoreAdj", "-1001", "process.oomScoreAdj: -1001 is out of range (allowed: -1000 to 1000)"),
    ("process.oomScoreAdj", "1001", "process.oomScoreAdj: 1001"),
    ("process.oomScoreAdj", "9223372036854775807", "process.oomScoreAdj: 9223372036854775807 is out"),
    ("process.capabilities.bounding[0]", "1", "process.capabilities.bounding[0]: expected string"),
    ("process.capabilities", "[]", "process.capabilities: expected object"),
    ("process.scheduler.policy", "", "process.scheduler.policy: missing"),
    (
        "process.scheduler.policy", #""SCHED_X""#,
        "process.scheduler.policy: unknown value 'SCHED_X' (allowed: SCHED_OTHER,"
    ),
    (
        "process.scheduler.flags[0]", #""X""#,
        "process.scheduler.flags[0]: unknown value 'X' (allowed: SCHED_FLAG_"
    ),
    ("process.scheduler.nice", "20", "process.scheduler.nice: 20 is out of range (allowed: -20 to 19)"),
    ("process.scheduler.nice", "-2147483649", "process.scheduler.nice: -2147483649"),
    ("process.scheduler.priority", "1", "process.scheduler.priority: is only for SCHED_FIFO and SCHED_RR"),
    (
        "process.scheduler", #"{"policy":"SCHED_FIFO"}"#,
        "process.scheduler.priority: 0 is out of range (allowed: 1 to 99)"
    ),
    ("process.scheduler", #"{"policy":"SCHED_RR","priority":100}"#, "process.scheduler.priority: 100 is out"),
    (
        "process.scheduler", #"{"policy":"SCHED_OTHER","period":1}"#,
        "process.scheduler.period: is only for SCHED_DEADLINE"
    ),
    ("process.scheduler.runtime", "0", "process.scheduler.runtime: must be greater than 0"),
    (
        "process.scheduler.deadline", "1",
        "process.scheduler.deadline: 1 is out of range (allowed: the runtime"
    ),
    ("process.scheduler.deadline", "18446744073709551615", "process.scheduler.deadline: "),
    ("process.scheduler.period", "1", "process.scheduler.period: 1 is out of range"),
    ("process.ioPriority.priority", "8", "process.ioPriority.priority: 8 is out of range (allowed: 0 to 7)"),
    ("process.ioPriority.class", #""IOPRIO_CLASS_NONE""#, "process.ioPriority.class: unknown value"),
    ("process.execCPUAffinity.initial", #""0-""#, "process.execCPUAffinity.initial: '0-' is not a list"),
    ("process.execCPUAffinity.final", #""3-1""#, "process.execCPUAffinity.final: '3-1' is not a list"),
]

private let linuxRows: [ValidationTests.Row] = [
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
    ("linux.netDevices.eth7.name", #""eth%d""#, "linux.netDevices.eth7.name: 'eth%d' must not contain '%'"),
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

private let sysctlRows: [ValidationTests.Row] = [
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

private let resourceRows: [ValidationTests.Row] = [
    ("linux.resources.devices[0].allow", "", "linux.resources.devices[0].allow: missing"),
    (
        "linux.resources.devices[0].access", #""rx""#,
        "linux.resources.devices[0].access: 'rx' has other letters"
    ),
    (
        "linux.resources.devices[1].type", #""p""#,
        "linux.resources.devices[1].type: unknown value 'p' (allowed: a, c, b)"
    ),
    ("linux.resources.devices[1].major", "-2", "linux.resources.devices[1].major: -2 is out of range"),
    (
        "linux.resources.memory.limit", "-2",
        "linux.resources.memory.limit: -2 is out of range (allowed: -1 to"
    ),
    (
        "linux.resources.memory.limit", #""64m""#,
        "linux.resources.memory.limit: expected integer, found string"
    ),
    (
        "linux.resources.memory.limit", "9223372036854775808",
        "linux.resources.memory.limit: 9223372036854775808 is out"
    ),
    (
        "linux.resources.memory.swap", "1000",
        "linux.resources.memory.swap: 1000 counts memory and swap together"
    ),
    (
        "linux.resources.memory.swappiness", "101",
        "linux.resources.memory.swappiness: 101 is out of range (allowed: 0 to 100)"
    ),
    (
        "linux.resources.cpu.burst", "1000001",
        "linux.resources.cpu.burst: 1000001 is more than the quota 1000000"
    ),
    ("linux.resources.cpu.cpus", #""0-3,""#, "linux.resources.cpu.cpus: '0-3,' is not a list"),
    ("linux.resources.cpu.cpus", #""99999999999""#, "linux.resources.cpu.cpus: "),
    ("linux.resources.cpu.cpus", #""+1""#, "linux.resources.cpu.cpus: "),
    ("linux.resources.cpu.mems", #""-1""#, "linux.resources.cpu.mems: '-1' is not a list"),
    ("linux.resources.cpu.mems", #""0-7:3/2""#, "linux.resources.cpu.mems: "),
    ("linux.resources.cpu.idle", "2", "linux.resources.cpu.idle: 2 is out of range (allowed: 0 to 1)"),
    ("linux.resources.cpu.shares", "-1", "linux.resources.cpu.shares: -1 is out of range"),
    (
        "linux.resources.blockIO.weight", "9",
        "linux.resources.blockIO.weight: 9 is out of range (allowed: 10 to 1000)"
    ),
    (
        "linux.resources.blockIO.leafWeight", "1001",
        "linux.resources.blockIO.leafWeight: 1001 is out of range"
    ),
    ("linux.resources.blockIO.weight", "65536", "linux.resources.blockIO.weight: 65536 is out of range"),
    (
        "linux.resources.blockIO.weightDevice[1].weight", "",
        "linux.resources.blockIO.weightDevice[1]: needs weight or leafWeight"
    ),
    (
        "linux.resources.blockIO.weightDevice[0].weight", "1",
        "linux.resources.blockIO.weightDevice[0].weight: 1 is out"
    ),
    (
        "linux.resources.blockIO.weightDevice[0].major", "",
        "linux.resources.blockIO.weightDevice[0].major: missing"
    ),
    (
        "linux.resources.blockIO.throttleReadBpsDevice[0].rate", "",
        "linux.resources.blockIO.throttleReadBpsDevice[0].rate: missing"
    ),
    (
        "linux.resources.blockIO.throttleWriteIOPSDevice[0].minor", "-1",
        "linux.resources.blockIO.throttleWriteIOPSDevice[0].minor: -1"
    ),
    (
        "linux.resources.hugepageLimits[0].pageSize", #""2M""#,
        "linux.resources.hugepageLimits[0].pageSize: '2M' is no size like 64KB"
    ),
    ("linux.resources.hugepageLimits[0].pageSize", #""MB""#, "linux.resources.hugepageLimits[0].pageSize: "),
    (
        "linux.resources.hugepageLimits[0].pageSize", #""../2MB""#,
        "linux.resources.hugepageLimits[0].pageSize: "
    ),
    ("linux.resources.hugepageLimits[0].limit", "-1", "linux.resources.hugepageLimits[0].limit: -1"),
    ("linux.resources.pids.limit", #""many""#, "linux.resources.pids.limit: expected integer"),
    (
        "linux.resources.network.priorities[0].name", #""""#,
        "linux.resources.network.priorities[0].name: '' is no name"
    ),
    (
        "linux.resources.network.priorities[0].priority", "",
        "linux.resources.network.priorities[0].priority: missing"
    ),
    ("linux.resources.network.classID", "4294967296", "linux.resources.network.classID: 4294967296 is out"),
    ("linux.resources.rdma.mlx5_1", "{}", "linux.resources.rdma.mlx5_1: needs hcaHandles or hcaObjects"),
    (
        "linux.resources.rdma[\"a b\"].hcaHandles", "1",
        "linux.resources.rdma[\"a b\"]: is no name of a device"
    ),
    (
        "linux.resources.unified[\"../x\"]", #""1""#,
        "linux.resources.unified[\"../x\"]: is no name of a file in a cgroup"
    ),
    (
        "linux.resources.unified[\"memory.max\"]", "1",
        "linux.resources.unified[\"memory.max\"]: expected string, found"
    ),
]

private let seccompRows: [ValidationTests.Row] = [
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

private let goodRows: [(path: String, text: String)] = [
    ("ociVersion", #""1.0.0""#), ("ociVersion", #""1.0.2-dev""#), ("ociVersion", #""1.0.0-rc5-dev""#),
    ("ociVersion", #""1.2.1+dev""#), ("ociVersion", #""1.99.0""#),
    ("process", ""), ("process", "null"), ("process.user", ""), ("process.user.umask", "511"),
    ("process.capabilities", "null"), ("process.rlimits", "null"), ("process.env", "null"),
    ("process.apparmorProfile", #""""#), ("process.selinuxLabel", "null"), ("process.oomScoreAdj", "-1000"),
    ("process.env[1]", #""A=b=c""#), ("process.rlimits[0].soft", "2048"),
    ("process.scheduler", #"{"policy":"SCHED_BATCH","nice":-20}"#),
    ("process.scheduler", #"{"policy":"SCHED_RR","priority":99}"#), ("process.scheduler.period", "0"),
    ("process.execCPUAffinity", "{}"), ("process.execCPUAffinity.final", #""""#),
    ("hostname", #""""#), ("domainname", "null"), ("hooks", "null"), ("hooks", "{}"),
    ("annotations", "null"), ("mounts", "null"), ("mounts[1].options", "null"), ("mounts[0].type", "null"),
    ("linux.uidMappings[1].containerID", "4294967294"), ("linux.uidMappings[1].hostID", "4294967294"),
    ("linux.namespaces[5].path", #""/proc/9/ns/user""#), ("linux.namespaces[0].path", #""""#),
    ("linux.devices[0].fileMode", "8630"), ("linux.devices", "null"), ("linux.netDevices.eth7.name", #""""#),
    ("linux.cgroupsPath", #""system.slice:apus:box""#), ("linux.cgroupsPath", #""a..b/c""#),
    ("linux.rootfsPropagation", #""""#), ("linux.rootfsPropagation", #""rslave""#), ("linux.seccomp", "null"),
    ("linux.personality", "null"), ("linux.memoryPolicy", #"{"mode":"MPOL_PREFERRED"}"#),
    ("linux.sysctl[\"net.ipv4.conf.eth0/100.rp_filter\"]", #""1""#),
    ("linux.sysctl[\"net/ipv4/conf/eth0.100/rp_filter\"]", #""1""#),
    ("linux.sysctl[\"fs.mqueue.msg_max\"]", #""1""#), ("linux.sysctl[\"user.max_user_namespaces\"]", #""1""#),
    ("linux.sysctl[\"kernel.shm_rmid_forced\"]", #""1""#),
    ("linux.seccomp.flags", "[]"), ("linux.seccomp.defaultErrnoRet", "null"),
    ("linux.seccomp.syscalls[0].action", #""SCMP_ACT_TRACE""#), ("linux.seccomp.syscalls", "null"),
    ("linux.resources", "null"), ("linux.resources", "{}"), ("linux.resources.memory", "{}"),
    ("linux.resources.memory.swappiness", "18446744073709551615"), ("linux.resources.memory.swap", "0"),
    ("linux.resources.blockIO.weight", "0"), ("linux.resources.pids", "{}"),
    ("linux.resources.pids.limit", "-1"),
    ("linux.resources.cpu.cpus", #""0-63:1/2,70""#), ("linux.resources.cpu.cpus", #""""#),
    ("linux.resources.cpu.quota", "-1"), ("linux.resources.devices[0].type", #""""#),
    ("linux.resources.devices[0].major", "-1"), ("linux.resources.hugepageLimits[0].pageSize", #""1GB""#),
    ("unknown", #"{"a":[]}"#), ("linux.unknown", "1"), ("linux.resources.memory.unknown", "\"x\""),
]
