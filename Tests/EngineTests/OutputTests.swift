import Engine
import JSON
import Testing

private let spans: [(Int64, String)] = [
    (0, "Less than a second"), (1, "1 second"), (59, "59 seconds"), (60, "About a minute"),
    (119, "About a minute"), (120, "2 minutes"), (2700, "45 minutes"), (3599, "59 minutes"),
    (3600, "About an hour"), (5399, "About an hour"), (5400, "2 hours"), (169_200, "47 hours"),
    (172_800, "2 days"), (1_209_600, "2 weeks"), (5_184_000, "2 months"), (69_120_000, "2 years"),
]

@Suite struct OutputTests {
    @Test func aTableHasDockersColumns() {
        var table = Table(["NETWORK ID", "NAME", "DRIVER", "SCOPE"])
        table.add(["0123456789ab", "bridge", "bridge", "local"])
        #expect(
            table.text == """
                NETWORK ID     NAME      DRIVER    SCOPE
                0123456789ab   bridge    bridge    local

                """)
    }

    @Test(arguments: spans) func aSpanIsSaidAsDockerSaysIt(_ seconds: Int64, _ words: String) {
        #expect(durationInWords(seconds: seconds) == words)
    }

    @Test func anAgeIsTheSpanToNow() {
        #expect(age(of: "2026-01-31T12:00:00.5Z", now: "2026-01-31T12:03:00Z") == "3 minutes ago")
        #expect(age(of: "2026-01-31T14:00:00+02:00", now: "2026-01-31T12:03:00Z") == "3 minutes ago")
        #expect(age(of: "", now: "2026-01-31T12:03:00Z") == "N/A")
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", Int64(0)), ("2000-02-29T23:59:59Z", 951_868_799),
        ("2026-11-26T02:15:38.123456789Z", 1_795_659_338), ("1969-12-31T23:59:59Z", -1),
    ])
    func aMomentIsRead(_ text: String, _ seconds: Int64) { #expect(Moment(text)?.seconds == seconds) }

    @Test(arguments: [
        ("1970-01-01T00:00:01.5Z", Int64(1_500_000_000)), ("1969-12-31T23:59:59Z", -1_000_000_000),
        ("9999-12-31T23:59:59Z", .max), ("2300-01-01T00:00:00Z", .max), ("0001-01-01T00:00:00Z", .min),
    ])
    func aMomentFarAwayIsAsFarAsANumberReaches(_ text: String, _ total: Int64) {
        #expect(Moment(text)?.total == total)
    }

    @Test(arguments: ["9999999999999999h", "99999999999999999999h", "h", "-1h", "0s", "2h1"])
    func noAgeNobodyHasIsAFilter(_ text: String) {
        #expect(throws: EngineError.self) { try PruneFilter(["until=\(text)"]) }
    }

    @Test(arguments: [
        "", "2026-01-31", "2026-13-01T00:00:00Z", "2026-01-31T12:00:00", "2026-01-31T12:00:00.Z",
    ])
    func whatIsNoMomentIsNone(_ text: String) { #expect(Moment(text) == nil) }

    @Test(arguments: [
        (Int64(0), "0B"), (999, "999B"), (1000, "1kB"), (1234, "1.23kB"), (77_100_000, "77.1MB"),
        (133_400_000, "133MB"), (999_900, "1MB"), (1_240_000_000, "1.24GB"),
    ])
    func aSizeHasThreeDigits(_ bytes: Int64, _ text: String) { #expect(decimalSize(bytes) == text) }

    @Test func sizesOfMemoryCountIn1024() {
        #expect(binarySize(7_602_176) == "7.25MiB" && binarySize(0) == "0B")
    }

    @Test func portsAreGroupedAsDocker28Does() {
        let both = ["0.0.0.0", "::"]
        #expect(portsColumn([ShownPort(containerPort: 33060)]) == "33060/tcp")
        #expect(
            portsColumn(both.map { ShownPort(hostAddress: $0, hostPort: 80, containerPort: 80) })
                == "0.0.0.0:80->80/tcp, [::]:80->80/tcp")
        let range = (8000...8003).map {
            ShownPort(hostAddress: "0.0.0.0", hostPort: UInt16($0), containerPort: UInt16($0))
        }
        #expect(portsColumn(range) == "0.0.0.0:8000-8003->8000-8003/tcp")
        let unequal = ShownPort(hostAddress: "127.0.0.1", hostPort: 8080, containerPort: 80)
        let udp = ShownPort(containerPort: 53, protocol: "udp")
        #expect(
            portsColumn([unequal, ShownPort(containerPort: 443), udp])
                == "53/udp, 443/tcp, 127.0.0.1:8080->80/tcp")
    }

    @Test func filtersOfOneKeyAreAlternatives() throws {
        let filters = try Filters(["name=web", "name=db", "label=a=b"], allowed: ["name", "label"])
        #expect(filters.admit("name") { $0 == "db" } && !filters.admit("name") { $0 == "x" })
        #expect(filters.admitLabels(["a": "b"]) && !filters.admitLabels(["a": "c"]))
    }

    @Test(arguments: [(["bogus=1"], "invalid filter 'bogus'"), (["name"], "invalid filter 'name'")])
    func aFilterNobodyKnowsIsNamed(_ words: [String], _ text: String) {
        #expect { try Filters(words, allowed: ["name"]) } throws: { "\($0)".contains(text) }
    }
}
