import Addressing
import Testing

@testable import NFTables

/// What the kernel is given for a rule; the same steps `nft --debug=netlink` prints for its text.
@Suite struct RuleTests {
    @Test func aTableOfBothFamiliesAsksForTheFamilyOnce() {
        let rule = Rule(
            "", .isIn([.source(.v4)], "a"), .isNotIn([.source(.v4), .outputName], "b"), .masquerade)
        #expect(
            rule.expressions(in: .inet) == [
                .meta(.family, into: .first), .compare(.first, .equal, [2]),
                .payload(.network, offset: 12, count: 4, into: .first), .lookUp("a", isInverted: false),
                .payload(.network, offset: 12, count: 4, into: .first),
                .meta(.outputName, into: Register(offset: 4)), .lookUp("b", isInverted: true), .masquerade,
            ])
        #expect(rule.expressions(in: .ipv4).count == 6)
    }

    @Test func aFieldBehindAnIPv6AddressHasTheNextWideRegister() {
        let rule = Rule(
            "", .redirect(.v6, [.destination(.v6), .transportProtocol, .destinationPort], map: "m"))
        #expect(
            rule.expressions(in: .inet).suffix(5) == [
                .payload(.network, offset: 24, count: 16, into: Register(offset: 0)),
                .meta(.transportProtocol, into: Register(offset: 16)),
                .payload(.transport, offset: 2, count: 2, into: Register(offset: 20)),
                .lookUpData("m"),
                .redirect(.v6, address: Register(offset: 0), port: Register(offset: 16)),
            ])
        #expect([0, 4, 16, 20].map { Register(offset: $0).number } == [1, 9, 2, 13])
    }

    @Test(arguments: [
        ("127.0.0.0/8", [UInt8]([127]), nil as [UInt8]?), ("10.1.0.0/16", [10, 1], nil),
        ("224.0.0.0/4", [224, 0, 0, 0], [240, 0, 0, 0]),
        ("10.1.2.3/31", [10, 1, 2, 2], [255, 255, 255, 254]),
    ])
    func aNetworkIsComparedByWholeBytesOrUnderAMask(_ text: String, _ value: [UInt8], _ mask: [UInt8]?) throws
    {
        let prefix = try #require(IPPrefix(text))
        let steps = Rule("", .isInside(.source(.v4), prefix)).expressions(in: .ipv4)
        #expect(steps.first == .payload(.network, offset: 12, count: UInt32(value.count), into: .first))
        #expect(steps.last == .compare(.first, .equal, value))
        #expect(steps.dropFirst().dropLast() == (mask.map { [.mask(.first, $0)] } ?? [])[...])
    }

    @Test func namesAreFilledUpWithZeros() {
        let steps = Rule("", .isNotText(.inputName, "lo")).expressions(in: .inet)
        let name = Array("lo".utf8) + [UInt8](repeating: 0, count: 14)
        #expect(steps == [.meta(.inputName, into: .first), .compare(.first, .notEqual, name)])
    }

    @Test func severalValuesOfAKeyAreFilledUpToFourBytes() throws {
        let address = try #require(IPAddress("10.0.0.1"))
        let key: [Value] = [.address(address), .protocolNumber(6), .port(80)]
        let packed = packed(key)
        #expect(packed == [10, 0, 0, 1, 6, 0, 0, 0, 0, 80, 0, 0])
        #expect(unpacked([.ipv4Address, .protocolNumber, .portNumber], packed[...]) == key)
        #expect(unpacked([.ipv6Address], packed[...]) == nil)
        #expect(NFTables.packed([.port(80)]) == [0, 80])
    }

    @Test func anElementIsWrittenAsNFTWritesIt() throws {
        let address = try #require(IPAddress("10.0.0.1"))
        let element = Element(
            [.protocolNumber(17), .port(53)], gives: [.address(address), .port(5353)], comment: "a b")
        #expect("\(element)" == "udp . 53 comment \"a b\" : 10.0.0.1 . 5353")
        #expect("\(Element([.interface("br0"), .protocolNumber(132)]))" == "\"br0\" . sctp")
    }
}
