import Addressing
import CNISpec
import Testing

@testable import portmap

private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

private func range(_ first: String, _ last: String) throws -> ClosedRange<IPAddress> {
    try address(first)...address(last)
}

private func condition(_ words: String...) throws(CNIError) -> Condition {
    try Condition(words, .v4, key: "conditionsV4")
}

@Suite struct AddressRangesTests {
    @Test func rangesWhichTouchOrOverlapBecomeOne() throws {
        let parts = try [
            range("10.0.0.8", "10.0.0.9"), range("10.0.0.0", "10.0.0.3"), range("10.0.0.4", "10.0.0.5"),
            range("10.0.0.1", "10.0.0.2"),
        ]
        let joined = AddressRanges(.v4, parts)
        #expect(joined.ranges == [try range("10.0.0.0", "10.0.0.5"), try range("10.0.0.8", "10.0.0.9")])
    }

    @Test func theComplementOfTheComplementIsTheSame() throws {
        let edges = try [range("0.0.0.0", "9.255.255.255"), range("255.255.255.255", "255.255.255.255")]
        let ranges = AddressRanges(.v4, edges)
        #expect(ranges.complement.ranges == [try range("10.0.0.0", "255.255.255.254")])
        #expect(ranges.complement.complement == ranges)
        #expect(AddressRanges.all(.v6).complement.ranges.isEmpty)
        #expect(AddressRanges.all(.v6).complement.complement == .all(.v6))
    }

    @Test func theIntersectionIsWhatBothHave() throws {
        let left = AddressRanges(.v4, try [range("10.0.0.0", "10.0.0.9"), range("10.0.1.0", "10.0.1.9")])
        let right = AddressRanges(.v4, try [range("10.0.0.5", "10.0.1.2")])
        #expect(
            left.intersection(right).ranges == [
                try range("10.0.0.5", "10.0.0.9"), try range("10.0.1.0", "10.0.1.2"),
            ])
    }
}

@Suite struct ConditionTests {
    @Test func withoutWordsItIsForEverybody() throws {
        let all = try condition()
        #expect(all.clients == .all(.v4) && all.hostAddresses == .all(.v4))
        #expect(all.exclusions(within: .all(.v4)).isEmpty)
    }

    @Test(arguments: [
        ["-s", "10.0.0.0/8"], ["--source 10.0.0.0/8"], ["--src", "10.0.0.0-10.255.255.255"],
        ["-m", "iprange", "--src-range", "10.0.0.0-10.255.255.255"], ["ip", "saddr", "10.0.0.0/8"],
        ["ip saddr { 10.0.0.0/9, 10.128.0.0/9 }"], ["-s", "10.0.0.0/9,10.128.0.0/9"],
        ["!", "-s", "0.0.0.0-9.255.255.255", "!", "-s", "11.0.0.0-255.255.255.255"],
        ["ip saddr != 11.0.0.0-255.255.255.255", "ip saddr == 10.0.0.0-255.255.255.255"],
    ])
    func clientsAreSaidInTheWordsOfEitherBackend(_ words: [String]) throws {
        let condition = try Condition(words, .v4, key: "conditionsV4")
        #expect(condition.clients.ranges == [try range("10.0.0.0", "10.255.255.255")])
        #expect(condition.hostAddresses == .all(.v4))
    }

    @Test func whatIsExcludedDoesNotOverlap() throws {
        let condition = try condition("-s", "10.0.0.0/8", "!", "-d", "192.0.2.1")
        let pairs = condition.exclusions(within: .all(.v4))
        let everywhere = try range("0.0.0.0", "255.255.255.255")
        #expect(
            pairs.map(\.clients) == [
                try range("0.0.0.0", "9.255.255.255"), try range("11.0.0.0", "255.255.255.255"),
                try range("10.0.0.0", "10.255.255.255"),
            ])
        #expect(
            pairs.map(\.hostAddresses) == [everywhere, everywhere, try range("192.0.2.1", "192.0.2.1")])
    }

    @Test func nothingIsExcludedOnAnAddressTheMappingIsNotOn() throws {
        let condition = try condition("!", "-d", "192.0.2.1")
        let elsewhere = AddressRanges(.v4, [try range("192.0.2.2", "192.0.2.2")])
        #expect(condition.exclusions(within: elsewhere).isEmpty)
    }

    @Test(arguments: [
        (["-i", "eth0"], 2, "\"-i\""), (["!"], 2, "\"!\""), (["ip", "dscp", "1"], 2, "\"ip dscp\""),
        (["ip6", "saddr", "fd00::1"], 2, "\"ip6 saddr\""), (["-s", "fd00::1"], 7, "\"fd00::1\""),
        (["-s"], 7, "\"\""), (["-s", "web.example"], 7, "\"web.example\""),
        (["-s", "10.0.0.9-10.0.0.1"], 7, "\"10.0.0.9-10.0.0.1\""), (["-m", "mark"], 2, "\"-m\""),
        (["-s", "10.0.0.1,"], 0, ""),
    ])
    func theRestIsRefusedByKeyAndValue(_ words: [String], _ code: Int, _ text: String) {
        do throws(CNIError) {
            _ = try Condition(words, .v4, key: "conditionsV4")
            #expect(code == 0)
        } catch {
            #expect(error.code.rawValue == code)
            #expect(error.message.contains("conditionsV4") && error.message.contains(text))
        }
    }
}
