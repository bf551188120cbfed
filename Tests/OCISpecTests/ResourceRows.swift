let resourceRows: [ValidationTests.Row] = [
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
