import Suite

/// A setting of a cgroup: where it stands in the configuration, what is asked for, and what the kernel then says.
struct Resource {
    let name: String
    let clause: Clause
    let controller: String
    /// Changes of `linux.resources`.
    let settings: [(path: String, value: String)]
    /// File and content in the old version's cgroup; an empty file means the old version has no such thing.
    let old: (file: String, content: String)
    let new: (file: String, content: String)
    var version = "1.0.0"
}

private func clause(_ name: String, _ text: String, _ section: String) -> Clause {
    property("resources.\(name)", text, "config-linux.md#\(section)")
}

let memoryResources: [Resource] = [
    Resource(
        name: "memory.limit",
        clause: clause("memory.limit", "`limit` (int64, OPTIONAL) - sets limit of memory usage", "memory"),
        controller: "memory", settings: [("memory.limit", "67108864")],
        old: ("memory.limit_in_bytes", "67108864"), new: ("memory.max", "67108864")),
    Resource(
        name: "memory.unlimited",
        clause: clause(
            "memory.unlimited", "Values for memory specify the limit in bytes, or `-1` for unlimited memory.",
            "memory"),
        controller: "memory", settings: [("memory.limit", "-1")],
        old: ("memory.limit_in_bytes", "9223372036854771712"), new: ("memory.max", "max")),
    Resource(
        name: "memory.reservation",
        clause: clause(
            "memory.reservation", "`reservation` (int64, OPTIONAL) - sets soft limit of memory usage",
            "memory"),
        controller: "memory", settings: [("memory.reservation", "33554432")],
        old: ("memory.soft_limit_in_bytes", "33554432"), new: ("memory.low", "33554432")),
    Resource(
        name: "memory.swap",
        clause: clause("memory.swap", "`swap` (int64, OPTIONAL) - sets limit of memory+Swap usage", "memory"),
        controller: "memory", settings: [("memory.limit", "67108864"), ("memory.swap", "134217728")],
        old: ("memory.memsw.limit_in_bytes", "134217728"), new: ("memory.swap.max", "67108864")),
    Resource(
        name: "memory.swappiness",
        clause: clause(
            "memory.swappiness",
            "`swappiness` (uint64, OPTIONAL) - sets swappiness parameter of vmscan (See sysctl's vm.swappiness)",
            "memory"),
        controller: "memory", settings: [("memory.swappiness", "30")], old: ("memory.swappiness", "30"),
        new: ("", "")),
    Resource(
        name: "memory.disableOOMKiller",
        clause: clause(
            "memory.disableOOMKiller",
            "`disableOOMKiller` (bool, OPTIONAL) - enables or disables the OOM killer.", "memory"),
        controller: "memory", settings: [("memory.disableOOMKiller", "true"), ("memory.limit", "67108864")],
        old: ("memory.oom_control", "oom_kill_disable 1"), new: ("", "")),
    Resource(
        name: "memory.kernelTCP",
        clause: clause(
            "memory.kernelTCP",
            "`kernelTCP` (int64, OPTIONAL, NOT RECOMMENDED) - sets hard limit for kernel TCP buffer memory",
            "memory"),
        controller: "memory", settings: [("memory.kernelTCP", "16777216")],
        old: ("memory.kmem.tcp.limit_in_bytes", "16777216"), new: ("", "")),
]

let cpuResources: [Resource] = [
    Resource(
        name: "cpu.shares",
        clause: clause(
            "cpu.shares",
            "`shares` (uint64, OPTIONAL) - specifies a relative share of CPU time available to the tasks in a cgroup",
            "cpu"),
        controller: "cpu", settings: [("cpu.shares", "512")], old: ("cpu.shares", "512"),
        new: ("cpu.weight", "*")),
    Resource(
        name: "cpu.quota",
        clause: clause(
            "cpu.quota",
            "`quota` (int64, OPTIONAL) - specifies the total amount of time in microseconds for which all tasks in a cgroup can run during one period (as defined by `period` below)",
            "cpu"),
        controller: "cpu", settings: [("cpu.quota", "50000"), ("cpu.period", "100000")],
        old: ("cpu.cfs_quota_us", "50000"), new: ("cpu.max", "50000 100000")),
    Resource(
        name: "cpu.period",
        clause: clause(
            "cpu.period",
            "`period` (uint64, OPTIONAL) - specifies a period of time in microseconds for how regularly a cgroup's access to CPU resources should be reallocated (CFS scheduler only)",
            "cpu"),
        controller: "cpu", settings: [("cpu.quota", "20000"), ("cpu.period", "40000")],
        old: ("cpu.cfs_period_us", "40000"), new: ("cpu.max", "20000 40000")),
    Resource(
        name: "cpu.burst",
        clause: clause(
            "cpu.burst",
            "`burst` (uint64, OPTIONAL) - specifies the maximum amount of accumulated time in microseconds for which all tasks in a cgroup can run additionally for burst during one period (as defined by `period` below)",
            "cpu"),
        controller: "cpu",
        settings: [("cpu.quota", "50000"), ("cpu.period", "100000"), ("cpu.burst", "20000")],
        old: ("cpu.cfs_burst_us", "20000"), new: ("cpu.max.burst", "20000"), version: "1.1.0"),
    Resource(
        name: "cpu.idle",
        clause: clause(
            "cpu.idle",
            "`idle` (int64, OPTIONAL) - cgroups are configured with minimum weight, 0: default behavior, 1: SCHED_IDLE.",
            "cpu"),
        controller: "cpu", settings: [("cpu.idle", "1")], old: ("cpu.idle", "1"), new: ("cpu.idle", "1"),
        version: "1.1.0"),
    Resource(
        name: "cpu.realtimeRuntime",
        clause: clause(
            "cpu.realtimeRuntime",
            "`realtimeRuntime` (int64, OPTIONAL) - specifies a period of time in microseconds for the longest continuous period in which the tasks in a cgroup have access to CPU resources",
            "cpu"),
        controller: "cpu", settings: [("cpu.realtimeRuntime", "0"), ("cpu.realtimePeriod", "500000")],
        old: ("cpu.rt_period_us", "500000"), new: ("", "")),
    Resource(
        name: "cpu.cpus",
        clause: clause(
            "cpu.cpus", "`cpus` (string, OPTIONAL) - list of CPUs the container will run on.", "cpu"),
        controller: "cpuset", settings: [("cpu.cpus", #""0""#)], old: ("cpuset.cpus", "0"),
        new: ("cpuset.cpus", "0")),
    Resource(
        name: "cpu.mems",
        clause: clause(
            "cpu.mems", "`mems` (string, OPTIONAL) - list of memory nodes the container will run on.", "cpu"),
        controller: "cpuset", settings: [("cpu.mems", #""0""#)], old: ("cpuset.mems", "0"),
        new: ("cpuset.mems", "0")),
]

let otherResources: [Resource] = [
    Resource(
        name: "pids.limit",
        clause: clause(
            "pids.limit",
            "`limit` (int64, OPTIONAL) - specifies the maximum number of tasks in the cgroup, with `-1` indicating no limit (`max`).",
            "pids"),
        controller: "pids", settings: [("pids.limit", "77")], old: ("pids.max", "77"), new: ("pids.max", "77")
    ),
    Resource(
        name: "pids.unlimited",
        clause: clause(
            "pids.unlimited",
            "`limit` (int64, OPTIONAL) - specifies the maximum number of tasks in the cgroup, with `-1` indicating no limit (`max`).",
            "pids"),
        controller: "pids", settings: [("pids.limit", "-1")], old: ("pids.max", "max"),
        new: ("pids.max", "max")),
    Resource(
        name: "blockIO.weight",
        clause: clause(
            "blockIO.weight", "`weight` (uint16, OPTIONAL) - specifies per-cgroup weight.", "block-io"),
        controller: "blkio", settings: [("blockIO.weight", "321")], old: ("blkio.bfq.weight", "321"),
        new: ("io.bfq.weight", "*")),
    Resource(
        name: "network.classID",
        clause: clause(
            "network.classID",
            "`classID` (uint32, OPTIONAL) - is the network class identifier the cgroup's network packets will be tagged with",
            "network"),
        controller: "net_cls", settings: [("network.classID", "1048577")],
        old: ("net_cls.classid", "1048577"), new: ("", "")),
    Resource(
        name: "network.priorities",
        clause: clause(
            "network.priorities",
            "`priorities` (array of objects, OPTIONAL) - specifies a list of objects of the priorities assigned to traffic originating from processes in the group and egressing the system on various interfaces.",
            "network"),
        controller: "net_prio", settings: [("network.priorities", #"[{"name": "lo", "priority": 7}]"#)],
        old: ("net_prio.ifpriomap", "lo 7"), new: ("", "")),
]
