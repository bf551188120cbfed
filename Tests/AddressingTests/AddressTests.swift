import Addressing
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("10.1.2.3", "10.1.2.3"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("fe80::1", "fe80::1"),
        ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:0db8:0000:0000:0000:0000:0002:0001", "2001:db8::2:1"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"), ("::FFFF:a00:1", "::ffff:10.0.0.1"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        ("::1.2.3.4", "::102:304"),
    ])
    func aTextBecomesTheShortForm(_ text: String, _ short: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == short)
        #expect(IPAddress(short) == address)
        #expect(IPAddress(octets: address.octets) == address)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.1.1.1", "01.2.3.4", "1.2.3.04",
        "1.2.3.4 ", " 1.2.3.4", "1.2.3.4/24", "+1.2.3.4", "0x1.2.3.4", "1.2.3.99999999999999999999",
        ":", ":::", "1:::2", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:",
        ":1:2:3:4:5:6:7:8", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "12345::", "g::", "1:", "1:2:",
        "fe80::1%eth0", "::1.2.3", "::1.2.3.256", "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4::", "::1.2.3.4:5",
        "::/64", "[::1]", "::٣", "1:2:3:4:5:6:7:8::", "::00001", "1.2.3.4\u{0}",
    ])
    func whatIsNoAddressIsRefused(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func addressesAreOrderedByFamilyThenNumber() throws {
        let texts = ["9.0.0.1", "10.0.0.1", "255.255.255.255", "::", "::1", "fe80::"]
        let addresses = try texts.map { try #require(IPAddress($0)) }
        #expect(addresses.shuffled().sorted() == addresses)
    }

    @Test(arguments: [
        ("10.0.0.255", 1, "10.0.1.0"), ("10.0.0.0", -1, "9.255.255.255"), ("::", 1, "::1"),
        ("::ffff:ffff", 1, "::1:0:0"), ("255.255.255.254", 1, "255.255.255.255"), ("::5", -5, "::"),
    ])
    func anAddressCanBeAdvanced(_ start: String, _ distance: Int, _ end: String) throws {
        #expect(try #require(IPAddress(start)).advanced(by: Int128(distance))?.description == end)
    }

    @Test func advancingStopsAtTheEndsOfTheFamily() throws {
        #expect(try #require(IPAddress("255.255.255.255")).advanced(by: 1) == nil)
        #expect(try #require(IPAddress("0.0.0.0")).advanced(by: -1) == nil)
        #expect(try #require(IPAddress("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")).advanced(by: 1) == nil)
        #expect(try #require(IPAddress("::")).advanced(by: .min) == nil)
        #expect(IPAddress(family: .v4, value: 1 << 32) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1", "L"), ("127.255.0.1", "L"), ("128.0.0.1", ""), ("::1", "L"), ("0.0.0.0", "U"),
        ("::", "U"), ("169.254.9.9", "l"), ("169.253.9.9", ""), ("fe80::1", "l"), ("febf::1", "l"),
        ("fec0::1", ""), ("224.0.0.1", "M"), ("239.1.1.1", "M"), ("240.0.0.1", ""), ("ff02::1", "M"),
        ("10.0.0.1", ""), ("fd00::1", ""),
    ])
    func specialRangesAreKnown(_ text: String, _ kinds: String) throws {
        let address = try #require(IPAddress(text))
        let found =
            (address.isLoopback ? "L" : "") + (address.isUnspecified ? "U" : "")
            + (address.isLinkLocal ? "l" : "") + (address.isMulticast ? "M" : "")
        #expect(found == kinds)
    }

    @Test func onlyFourOrSixteenOctetsAreAnAddress() {
        for count in 0...20 where count != 4 && count != 16 {
            #expect(IPAddress(octets: [UInt8](repeating: 1, count: count)) == nil)
        }
    }
}
