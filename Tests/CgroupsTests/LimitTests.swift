import JSON
import OCISpec
import Testing

@testable import Cgroups

private func resources(_ json: String) throws -> Resources {
    try Resources(decoding: JSONReader(JSONValue(parsing: Array(json.utf8))))
}

private func lines(_ limits: [Limit]) -> [String] {
    limits.map { limit in limit.files.map { "\($0.name)=\($0.value)" }.joined(separator: "|") }
}

@Suite struct LimitTests {
    @Test(arguments: [
        (#"{}"#, []),
        (#"{"cpu":{"shares":0,"quota":0,"period":0},"memory":{"limit":0},"blockIO":{"weight":0}}"#, []),
        (#"{"pids":{"limit":10}}"#, ["pids.max=10"]), (#"{"pids":{"limit":0}}"#, ["pids.max=max"]),
        (#"{"pids":{"limit":-1}}"#, ["pids.max=max"]),
        (#"{"cpu":{"cpus":"0-1","mems":"0"}}"#, ["cpuset.cpus=0-1", "cpuset.mems=0"]),
        (
            #"{"cpu":{"shares":512,"quota":50000,"period":100000,"burst":1000}}"#,
            ["cpu.shares=512", "cpu.cfs_period_us=100000", "cpu.cfs_burst_us=1000", "cpu.cfs_quota_us=50000"]
        ),
        (#"{"cpu":{"quota":-1}}"#, ["cpu.cfs_quota_us=-1"]),
        (#"{"cpu":{"idle":1,"shares":512}}"#, ["cpu.idle=1"]),
        (
            #"{"cpu":{"realtimeRuntime":950000,"realtimePeriod":1000000}}"#,
            ["cpu.rt_period_us=1000000", "cpu.rt_runtime_us=950000"]
        ),
        (
            #"{"memory":{"limit":100,"swap":200,"reservation":50,"swappiness":10,"kernelTCP":7}}"#,
            [
                "memory.limit_in_bytes=100", "memory.memsw.limit_in_bytes=200",
                "memory.soft_limit_in_bytes=50",
                "memory.kmem.tcp.limit_in_bytes=7", "memory.swappiness=10",
            ]
        ),
        (#"{"memory":{"limit":-1}}"#, ["memory.limit_in_bytes=-1", "memory.memsw.limit_in_bytes=-1"]),
        (#"{"memory":{"disableOOMKiller":true}}"#, ["memory.oom_control=1"]),
        (#"{"memory":{"disableOOMKiller":false,"swappiness":18446744073709551615}}"#, []),
        (
            #"{"blockIO":{"weight":100,"weightDevice":[{"major":8,"minor":0,"weight":200,"leafWeight":30}]}}"#,
            [
                "blkio.weight=100|blkio.bfq.weight=100",
                "blkio.weight_device=8:0 200|blkio.bfq.weight_device=8:0 200",
                "blkio.leaf_weight_device=8:0 30",
            ]
        ),
        (
            #"{"blockIO":{"throttleReadBpsDevice":[{"major":8,"minor":0,"rate":9}]}}"#,
            ["blkio.throttle.read_bps_device=8:0 9"]
        ),
        (
            #"{"hugepageLimits":[{"pageSize":"2MB","limit":4194304}]}"#,
            ["hugetlb.2MB.limit_in_bytes=4194304", "hugetlb.2MB.rsvd.limit_in_bytes=4194304"]
        ),
        (
            #"{"network":{"classID":1048577,"priorities":[{"name":"eth0","priority":5}]}}"#,
            ["net_cls.classid=1048577", "net_prio.ifpriomap=eth0 5"]
        ),
        (
            #"{"rdma":{"mlx5_1":{"hcaHandles":3,"hcaObjects":4}}}"#,
            ["rdma.max=mlx5_1 hca_handle=3 hca_object=4"]
        ),
    ])
    func legacyWritesWhatWasAskedFor(_ json: String, _ expected: [String]) throws {
        #expect(try lines(Limit.legacy(resources(json), isNew: true)) == expected)
    }

    @Test(arguments: [
        (#"{}"#, []), (#"{"pids":{"limit":-1}}"#, ["pids.max=max"]),
        (#"{"cpu":{"shares":1024}}"#, ["cpu.weight=100"]),
        (#"{"cpu":{"quota":50000,"period":200000}}"#, ["cpu.max=50000 200000"]),
        (#"{"cpu":{"quota":-1,"period":200000}}"#, ["cpu.max=max 200000"]),
        (#"{"cpu":{"quota":50000}}"#, ["cpu.max=50000"]),
        (#"{"cpu":{"period":50000}}"#, ["cpu.max=max 50000"]),
        (
            #"{"cpu":{"idle":0,"shares":2,"burst":5,"quota":10000}}"#,
            ["cpu.idle=0", "cpu.weight=1", "cpu.max.burst=5", "cpu.max=10000"]
        ),
        (#"{"cpu":{"idle":1,"shares":512}}"#, ["cpu.idle=1"]),
        (
            #"{"memory":{"limit":100,"swap":300,"reservation":50}}"#,
            ["memory.swap.max=200", "memory.max=100", "memory.low=50"]
        ),
        (#"{"memory":{"limit":100,"swap":100}}"#, ["memory.swap.max=0", "memory.max=100"]),
        (#"{"memory":{"limit":100,"swap":-1}}"#, ["memory.swap.max=max", "memory.max=100"]),
        (#"{"memory":{"limit":-1}}"#, ["memory.swap.max=max", "memory.max=max"]),
        (#"{"memory":{"limit":-1,"swap":500}}"#, ["memory.swap.max=500", "memory.max=max"]),
        (#"{"memory":{"limit":100}}"#, ["memory.max=100"]), (#"{"memory":{"swappiness":10}}"#, []),
        (#"{"blockIO":{"weight":10}}"#, ["io.bfq.weight=10|io.weight=1"]),
        (#"{"blockIO":{"weight":1000}}"#, ["io.bfq.weight=1000|io.weight=10000"]),
        (
            #"""
            {"blockIO":{"throttleReadBpsDevice":[{"major":8,"minor":0,"rate":9}],
            "throttleWriteIOPSDevice":[{"major":8,"minor":0,"rate":0},{"major":8,"minor":16,"rate":7}]}}
            """#, ["io.max=8:0 rbps=9 wiops=max", "io.max=8:16 wiops=7"]
        ),
        (
            #"{"hugepageLimits":[{"pageSize":"2MB","limit":1}]}"#,
            ["hugetlb.2MB.max=1", "hugetlb.2MB.rsvd.max=1"]
        ),
        (
            #"{"unified":{"memory.high":"1000","io.max":"8:0 rbps=1\n8:16 rbps=2"},"memory":{"limit":2000}}"#,
            ["memory.max=2000", "memory.high=1000", "io.max=8:0 rbps=1", "io.max=8:16 rbps=2"]
        ),
    ])
    func unifiedWritesWhatWasAskedFor(_ json: String, _ expected: [String]) throws {
        #expect(try lines(Limit.unified(resources(json), isNew: true)) == expected)
    }

    @Test func aPeriodAloneKeepsTheQuotaOfALivingCgroup() throws {
        let limits = try Limit.unified(resources(#"{"cpu":{"period":50000}}"#), isNew: false)
        #expect(lines(limits) == ["cpu.max={quota} 50000"])
    }

    @Test func theOOMKillerCanBeTurnedOnAgain() throws {
        let limits = try Limit.legacy(resources(#"{"memory":{"disableOOMKiller":false}}"#), isNew: false)
        #expect(lines(limits) == ["memory.oom_control=0"])
    }

    @Test(arguments: [
        (#"{"cpu":{"shares":1}}"#, "linux.resources.cpu.shares"),
        (#"{"memory":{"swappiness":101}}"#, "linux.resources.memory.swappiness"),
        (#"{"blockIO":{"weight":5}}"#, "linux.resources.blockIO.weight"),
        (#"{"unified":{"memory.max":"1"}}"#, "linux.resources.unified"),
        (#"{"hugepageLimits":[{"pageSize":"../2MB","limit":1}]}"#, "linux.resources.hugepageLimits.pageSize"),
        (#"{"hugepageLimits":[{"pageSize":"2","limit":1}]}"#, "linux.resources.hugepageLimits.pageSize"),
    ])
    func legacyRefusesByName(_ json: String, _ path: String) throws {
        let error = #expect(throws: CgroupError.self) { try Limit.legacy(resources(json), isNew: true) }
        #expect(error?.description.hasPrefix(path + ":") == true)
    }

    @Test(arguments: [
        (#"{"memory":{"swap":100}}"#, "linux.resources.memory.swap"),
        (#"{"memory":{"limit":100,"swap":50}}"#, "linux.resources.memory.swap"),
        (#"{"memory":{"disableOOMKiller":true}}"#, "linux.resources.memory.disableOOMKiller"),
        (#"{"cpu":{"realtimeRuntime":1}}"#, "linux.resources.cpu.realtimeRuntime"),
        (#"{"network":{"classID":1}}"#, "linux.resources.network"),
        (#"{"unified":{"../memory.max":"1"}}"#, "linux.resources.unified"),
        (#"{"unified":{"nodot":"1"}}"#, "linux.resources.unified"),
    ])
    func unifiedRefusesByName(_ json: String, _ path: String) throws {
        let error = #expect(throws: CgroupError.self) { try Limit.unified(resources(json), isNew: true) }
        #expect(error?.description.hasPrefix(path + ":") == true)
    }

    // Worked out with the formula in arbitrary precision.
    @Test(
        arguments: [
            (0, 1), (2, 1), (3, 2), (4, 2), (10, 4), (100, 17), (256, 35), (512, 59), (1000, 99), (1024, 100),
            (1025, 101), (2048, 174), (4096, 303), (10000, 627), (65536, 3023), (100_000, 4340),
            (262_143, 10000),
            (262_144, 10000), (1_000_000, 10000),
        ] as [(UInt64, UInt64)])
    func sharesBecomeAWeight(_ shares: UInt64, _ weight: UInt64) {
        #expect(CPUWeight.weight(ofShares: shares) == weight)
    }
}
