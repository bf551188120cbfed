import Testing

@testable import Engine

@Suite struct ContainerLifeTests {
    private func ended(_ code: Int32, restarts: Int = 0, stopped: Bool = false, after seconds: Int64 = 1)
        -> Outcome
    {
        var outcome = Outcome()
        (outcome.started, outcome.exitCode, outcome.restarts, outcome.isStopped) = (
            1, code, restarts, stopped
        )
        outcome.finished = 1 + seconds * 1_000_000_000
        return outcome
    }

    private func policy(_ kind: ContainerRecord.RestartPolicy.Kind, _ retries: Int = 0)
        -> ContainerRecord.RestartPolicy
    {
        var policy = ContainerRecord.RestartPolicy()
        (policy.kind, policy.maximumRetries) = (kind, retries)
        return policy
    }

    @Test func aPolicySaysWhetherAnEndIsTheLast() {
        #expect(!ended(1).restarts(by: policy(.no)))
        #expect(ended(0).restarts(by: policy(.always)) && ended(0).restarts(by: policy(.unlessStopped)))
        #expect(ended(1).restarts(by: policy(.onFailure)) && !ended(0).restarts(by: policy(.onFailure)))
        #expect(ended(1, restarts: 1).restarts(by: policy(.onFailure, 2)))
        #expect(!ended(1, restarts: 2).restarts(by: policy(.onFailure, 2)))
    }

    @Test func whatSomebodyStoppedStaysStopped() {
        #expect(!ended(137, stopped: true).restarts(by: policy(.always)))
    }

    @Test func theDelayDoublesUpToAMinute() {
        var outcome = ended(1)
        var delays: [Int64] = []
        for _ in 0..<12 {
            outcome.countRestart()
            delays.append(outcome.restartDelay)
        }
        #expect(delays.prefix(4) == [100, 200, 400, 800] && delays.last == 60_000 && outcome.restarts == 12)
    }

    @Test func aContainerThatRanForLongBeginsAnew() {
        var outcome = ended(1, after: 11)
        outcome.restartDelay = 12_800
        outcome.countRestart()
        #expect(outcome.restartDelay == 100)
    }

    @Test func anIDIsNeverAllDigitsAtItsBeginning() {
        for _ in 0..<200 {
            let id = newIdentifier()
            #expect(id.utf8.count == 64 && isHexadecimal(id) && id.prefix(12).contains { $0.isLetter })
        }
    }

    @Test(arguments: ["web", "a1", "a.b-c_d", "0x"]) func aNameMayBe(_ name: String) {
        #expect(isAllowedName(name))
    }

    @Test(arguments: ["", "a", "-web", ".web", "a/b", "a b", "ä1", "a\n"]) func aNameMayNotBe(_ name: String)
    {
        #expect(!isAllowedName(name))
    }

    @Test func aNameByChanceIsAllowed() {
        for attempt in 0..<50 { #expect(isAllowedName(newName(attempt: attempt))) }
    }

    @Test(arguments: [
        ("executable file not found in $PATH", EngineError.Kind.programNotFound),
        ("stat /nosuch: no such file or directory", .programNotFound),
        ("exec: permission denied", .notExecutable),
        ("cannot set up cgroup", .failed),
    ]) func aRuntimesErrorHasAnExitCode(_ reason: String, _ kind: EngineError.Kind) {
        #expect(EngineError(ofRuntime: "create", reason).kind == kind)
    }
}
