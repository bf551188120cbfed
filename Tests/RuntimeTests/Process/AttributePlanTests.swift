import Kernel
import OCISpec
import Testing

@testable import Runtime

@Suite struct AttributePlanTests {
    @Test(
        arguments: [
            ("0", [1]), ("0-3,7", [0b1000_1111]), (" 1 , 3 - 4 ", [0b1_1010]), ("64", [0, 1]),
            ("63-64", [1 << 63, 1]),
            ("5,5,5-5", [1 << 5]),
            ("", nil), (",", nil), ("1,", nil), ("3-1", nil), ("-1", nil), ("1-", nil), ("+1", nil),
            ("1-2-3", nil),
            ("a", nil), ("0x1", nil), ("8192", nil), ("0-4294967295", nil), ("99999999999999999999", nil),
            ("1 2", nil),
        ] as [(String, [UInt64]?)])
    func aListOfNumbersIsABitMask(_ text: String, _ words: [UInt64]?) {
        #expect(NumberList(text)?.words == words)
    }

    @Test func theHighestNumberFits() { #expect(NumberList("8191")?.words.last == 1 << 63) }

    @Test(arguments: [
        ("RLIMIT_CPU", 0), ("RLIMIT_CORE", 4), ("RLIMIT_NPROC", 6), ("RLIMIT_NOFILE", 7),
        ("RLIMIT_MEMLOCK", 8),
        ("RLIMIT_AS", 9), ("RLIMIT_RTTIME", 15),
    ])
    func aLimitHasTheKernelsNumber(_ name: String, _ number: Int32) throws {
        let limits = try resourceLimits([Rlimit(type: name, soft: 1, hard: UInt64.max)])
        #expect(limits.map(\.resource) == [number] && limits[0].soft == 1 && limits[0].hard == UInt64.max)
    }

    @Test(
        arguments: [
            ([("RLIMIT_NOFILE", 1), ("RLIMIT_FOO", 1)], "process.rlimits[1].type"),
            ([("NOFILE", 1)], "process.rlimits[0].type"),
            ([("RLIMIT_CPU", 1), ("RLIMIT_AS", 1), ("RLIMIT_CPU", 1)], "process.rlimits[2].type"),
            ([("RLIMIT_CPU", 3)], "process.rlimits[0].soft"),
        ] as [([(String, UInt64)], String)])
    func aBadLimitIsRefusedByItsPlace(_ limits: [(String, UInt64)], _ path: String) {
        let list = limits.map { Rlimit(type: $0.0, soft: $0.1, hard: 2) }
        expectUnsupported(path) { () throws(RuntimeError) in _ = try resourceLimits(list) }
    }

    @Test func aSchedulerIsTheKernelsNumbers() throws {
        var scheduler = Scheduler()
        scheduler.policy = .deadline
        scheduler.flags = [.reclaim, .utilizationClampMaximum]
        (scheduler.runtime, scheduler.deadline, scheduler.period) = (1, 2, 3)
        let attributes = try schedulingAttributes(scheduler)
        #expect(attributes.policy == 6 && attributes.flags == 0x42)
        #expect((attributes.runtime, attributes.deadline, attributes.period) == (1, 2, 3))
    }

    @Test(arguments: [
        (Scheduler.Policy.other, Int32(1), Int32(0), UInt64(0), "process.scheduler.priority"),
        (.fifo, 0, 0, 0, "process.scheduler.priority"),
        (.roundRobin, 100, 0, 0, "process.scheduler.priority"),
        (.batch, 0, 0, 5, "process.scheduler"), (.other, 0, 20, 0, "process.scheduler.nice"),
        (.other, 0, -21, 0, "process.scheduler.nice"),
    ])
    func aSchedulerThatCannotWorkIsRefused(
        _ policy: Scheduler.Policy, _ priority: Int32, _ nice: Int32, _ runtime: UInt64, _ path: String
    ) {
        var scheduler = Scheduler()
        (scheduler.policy, scheduler.priority, scheduler.nice) = (policy, priority, nice)
        scheduler.runtime = runtime
        let given = scheduler
        expectUnsupported(path) { () throws(RuntimeError) in _ = try schedulingAttributes(given) }
    }

    @Test func aMemoryPolicyIsModeFlagsAndNodes() throws {
        let policy = MemoryPolicy(
            mode: .weightedInterleave, nodes: "0,2", flags: [.staticNodes, .numaBalancing])
        let numbers = try memoryPolicyNumbers(policy)
        #expect(numbers.mode == 6 | 1 << 15 | 1 << 13 && numbers.nodes == [0b101])
        #expect(try memoryPolicyNumbers(MemoryPolicy(mode: .default)).nodes.isEmpty)
    }

    @Test(arguments: [(MemoryPolicy.Mode.default, "0"), (.local, "0"), (.bind, ""), (.interleave, "x")])
    func nodesTheModeCannotHaveAreRefused(_ mode: MemoryPolicy.Mode, _ nodes: String) {
        expectUnsupported("linux.memoryPolicy.nodes") { () throws(RuntimeError) in
            _ = try memoryPolicyNumbers(MemoryPolicy(mode: mode, nodes: nodes))
        }
    }

    @Test func anAffinityThatIsNoListIsRefused() {
        expectUnsupported("process.execCPUAffinity.final") { () throws(RuntimeError) in
            try setAffinity("a", key: "process.execCPUAffinity.final")
        }
    }
}

func expectUnsupported(_ path: String, _ body: () throws(RuntimeError) -> Void) {
    do throws(RuntimeError) {
        try body()
        Issue.record("nothing was refused, expected \(path)")
    } catch {
        guard case .unsupported(path, _) = error else {
            Issue.record("\(error) is not about \(path)")
            return
        }
    }
}
