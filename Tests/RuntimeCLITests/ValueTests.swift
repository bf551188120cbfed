import CommandWords
import Kernel
import OCISpec
import Testing

@testable import Runtime
@testable import apus_runtime

@Suite struct ValueTests {
    @Test(
        arguments: [
            ("512", 512), ("512b", 512), ("1k", 1024), ("1KB", 1024), ("64MiB", 64 << 20), ("1.5g", 3 << 29),
            ("2 GB", 2 << 30), ("1t", 1 << 40), ("0", 0),
        ] as [(String, Int64)]) func sizesCountIn1024(_ text: String, _ bytes: Int64)
    {
        #expect(byteSize(text) == bytes)
    }

    @Test(arguments: [
        "", "k", "-1", "+1", "1kk", "1..5g", "0x10", "99999999999999999999", "9999999p", "1 k b",
    ])
    func whatIsNoSizeIsRefused(_ text: String) { #expect(byteSize(text) == nil) }

    @Test func onlyLimitsMayBeMinusOne() {
        #expect(byteLimit("-1") == -1 && byteLimit("-2") == nil)
    }

    @Test(
        arguments: [
            ("5s", 5000), ("1m30s", 90_000), ("1.5h", 5_400_000), ("100ms", 100), ("1us", 1), ("0", 0),
        ] as [(String, Int64)]) func spansOfTime(_ text: String, _ expected: Int64)
    {
        #expect(milliseconds(text) == expected)
    }

    @Test(arguments: ["", "5", "s", "5x", "-5s", "1m30"]) func whatIsNoTimeIsRefused(_ text: String) {
        #expect(milliseconds(text) == nil)
    }

    @Test(
        arguments: [
            ("9", 9), ("KILL", 9), ("SIGKILL", 9), ("sigterm", 15), ("Hup", 1), ("IO", 29), ("poll", 29),
            ("RTMIN", 34), ("SIGRTMIN+3", 37), ("rtmax-1", 63), ("RTMAX", 64), ("64", 64), ("0", 0),
            ("SYS", 31),
        ] as [(String, Int32)]) func signalsByNameAndNumber(_ text: String, _ number: Int32)
    {
        #expect(signalNumber(text) == number)
    }

    @Test(arguments: ["", "SIG", "65", "-9", "+9", "RTMIN+31", "RTMAX-31", "RTMIN-1", "SIGSIGKILL", "9x"])
    func whatIsNoSignalIsRefused(_ text: String) { #expect(signalNumber(text) == nil) }

    @Test func naturalNumbersHaveDigitsOnly() {
        let good: Int32? = natural("12")
        #expect(good == 12)
        for text in ["", "+1", "-1", "1x", " 1", "2147483648"] {
            let bad: Int32? = natural(text)
            #expect(bad == nil, "\(text)")
        }
    }

    @Test func columnsAreTwelveWideOrThreeMoreThanTheWidest() {
        let text = alignedTable([["ID", "PID", "OWNER"], ["a-very-long-id", "1", "root"]])
        #expect(text == "ID               PID         OWNER\na-very-long-id   1           root\n")
    }

    @Test func theNearestWordIsSuggestedAndAFarOneIsNot() {
        let verbs = VerbName.allCases.map(\.rawValue)
        #expect(nearest(to: "stat", in: verbs) == "state")
        #expect(nearest(to: "crate", in: verbs) == "create")
        #expect(nearest(to: "frobnicate", in: verbs) == nil)
    }
}

@Suite struct UpdateTests {
    private func request(_ words: [String]) throws -> Resources {
        try ResourceRequest(Arguments(words + ["c"], of: UpdateCommand.verb, in: "apus-runtime")).resources
    }

    @Test func optionsBecomeResources() throws {
        let found = try request([
            "--memory", "64m", "--memory-swap=-1", "--cpu-quota", "-1", "--cpu-share", "10", "--pids-limit",
            "5",
            "--cpuset-cpus", "0-1", "--cpu-idle", "1", "--blkio-weight", "300",
        ])
        #expect(found.memory?.limit == 64 << 20 && found.memory?.swap == -1)
        #expect(found.cpu?.quota == -1 && found.cpu?.shares == 10 && found.cpu?.idle == 1)
        #expect(found.cpu?.cpus == "0-1" && found.pids?.limit == 5 && found.blockIO?.weight == 300)
    }

    @Test func liftingTheMemoryLimitLiftsSwap() throws {
        #expect(try request(["--memory", "-1"]).memory?.swap == -1)
        #expect(try request(["--memory", "-1", "--memory-swap", "1g"]).memory?.swap == 1 << 30)
    }

    @Test func emptyValuesAndZerosOfRuncsDefaultsChangeNothing() throws {
        let found = try request(["--memory=", "--pids-limit=0", "--blkio-weight=0", "--cpuset-cpus="])
        #expect(Resources().updated(with: found) == Resources().updated(with: Resources()))
    }

    @Test func whatIsNotGivenStays() throws {
        var current = Resources()
        current.memory = Resources.Memory()
        current.memory?.limit = 1 << 20
        current.cpu = Resources.CPU()
        current.cpu?.shares = 512
        current.cpu?.period = 1000
        let updated = current.updated(with: try request(["--cpu-quota", "500"]))
        #expect(updated.memory?.limit == 1 << 20 && updated.cpu?.shares == 512)
        #expect(updated.cpu?.period == 1000 && updated.cpu?.quota == 500)
        // An idle cgroup has no weight.
        #expect(current.updated(with: try request(["--cpu-idle", "1"])).cpu?.shares == nil)
    }

    @Test func aFileCountsAloneAndMayBeStandardInput() throws {
        let words = ["--root", "/nonexistent/root", "update", "-r", "-", "c"]
        let bad = try Tool.run(words, input: #"{"memory":{"limit":"x"}}"#)
        #expect(bad.code == 1 && bad.errors.contains("standard input: memory.limit: expected"), "\(bad)")
    }
}
