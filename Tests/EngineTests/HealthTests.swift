import JSON
import Testing

@testable import Engine

@Suite struct HealthTests {
    private let second: Int64 = 1_000_000_000

    private func rules(retries: Int = 3, startPeriod: Int64 = 0) -> ContainerRecord.Healthcheck {
        var check = ContainerRecord.Healthcheck()
        check.test = ["CMD-SHELL", "true"]
        (check.retries, check.startPeriod) = (retries, startPeriod)
        return check
    }

    private func probe(_ code: Int32, at start: Int64 = 0) -> Health.Probe {
        Health.Probe(start: start, end: start + 1, exitCode: code, output: "\(code)")
    }

    @Test func oneSuccessIsEnoughAndFailuresAreCounted() {
        var health = Health()
        health.add(probe(1), rules(), started: 0)
        #expect(health.status == .starting && health.failures == 1)
        health.add(probe(0), rules(), started: 0)
        #expect(health.status == .healthy && health.failures == 0)
        for _ in 1...2 { health.add(probe(-1), rules(), started: 0) }
        #expect(health.status == .healthy && health.failures == 2)
        health.add(probe(1), rules(), started: 0)
        #expect(health.status == .unhealthy && health.failures == 3)
        health.add(probe(0), rules(), started: 0)
        #expect(health.status == .healthy)
    }

    @Test func failuresOfTheStartPeriodCountOnlyAfterASuccess() {
        var health = Health()
        let check = rules(retries: 1, startPeriod: 10 * second)
        health.add(probe(1, at: 9 * second), check, started: 0)
        #expect(health.status == .starting && health.failures == 0)
        health.add(probe(0, at: 9 * second), check, started: 0)
        health.add(probe(1, at: 9 * second), check, started: 0)
        #expect(health.status == .unhealthy)
        var late = Health()
        late.add(probe(1, at: 10 * second), check, started: 0)
        #expect(late.status == .unhealthy)
    }

    @Test func fiveChecksAreKeptAndAFileGivesThemBack() throws {
        var health = Health()
        for code in 1...7 as ClosedRange<Int32> { health.add(probe(code), rules(), started: 0) }
        #expect(health.log.map(\.exitCode) == [3, 4, 5, 6, 7])
        #expect(try Health(JSONValue(parsing: Array(health.value.text.utf8))) == health)
    }

    @Test func whatIsNotSaidHasDockersValues() {
        var check = ContainerRecord.Healthcheck()
        #expect(check.patience == 30_000 && check.countedRetries == 3 && check.command == nil)
        #expect(check.pause(.starting, age: 0) == 30_000)
        check.startPeriod = second
        #expect(check.pause(.starting, age: 0) == 5000 && check.pause(.starting, age: second) == 30_000)
        #expect(check.pause(.healthy, age: 0) == 30_000)
        check.interval = 5_000_000
        #expect(check.pause(.unhealthy, age: 0) == 5)
    }

    @Test(arguments: [[], ["NONE"], ["CMD"], ["CMD-SHELL"], ["SOMETHING", "else"]])
    func whatIsNoTestChecksNothing(_ test: [String]) {
        var check = ContainerRecord.Healthcheck()
        check.test = test
        #expect(check.command == nil)
    }
}
