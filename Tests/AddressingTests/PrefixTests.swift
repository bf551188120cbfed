import Addressing
import Testing

@Suite struct PrefixTests {
    @Test(arguments: [
        ("10.1.2.3/24", "10.1.2.0/24", "10.1.2.0", "10.1.2.255"),
        ("10.1.2.3/32", "10.1.2.3/32", "10.1.2.3", "10.1.2.3"),
        ("10.1.2.3/0", "0.0.0.0/0", "0.0.0.0", "255.255.255.255"),
        ("10.1.2.3/31", "10.1.2.2/31", "10.1.2.2", "10.1.2.3"),
        ("2001:db8::5/64", "2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff"),
        ("::1/128", "::1/128", "::1", "::1"),
        ("::1/0", "::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ])
    func aPrefixKnowsItsNetwork(_ text: String, _ network: String, _ first: String, _ last: String) throws {
        let prefix = try #require(IPPrefix(text))
        #expect(prefix.description == text)
        #expect(prefix.network.description == network)
        #expect(prefix.first.description == first)
        #expect(prefix.last.description == last)
        #expect(prefix.contains(prefix.first) && prefix.contains(prefix.last))
        if let before = prefix.first.advanced(by: -1) { #expect(!prefix.contains(before)) }
        if let after = prefix.last.advanced(by: 1) { #expect(!prefix.contains(after)) }
    }

    @Test(arguments: [
        "", "10.0.0.1", "10.0.0.1/", "/24", "10.0.0.1/33", "10.0.0.1/024", "10.0.0.1/-1", "10.0.0.1/ 8",
        "::1/129", "::1/64%a", "10.0.0.0/8/8", "10.0.0/8", "10.0.0.1/255.0.0.0", "10.0.0.1/8:",
    ])
    func whatIsNoPrefixIsRefused(_ text: String) {
        #expect(IPPrefix(text) == nil)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.1.0.0/16", true), ("10.1.0.0/16", "10.0.0.0/8", true),
        ("10.1.0.0/16", "10.2.0.0/16", false), ("10.0.0.0/8", "10.0.0.0/8", true),
        ("0.0.0.0/0", "::/0", false), ("fd00::/8", "fd12::/64", true),
        ("fd00::/64", "fd00:0:0:1::/64", false),
        ("0.0.0.0/0", "255.1.1.1/32", true),
    ])
    func overlapIsSeenFromBothSides(_ one: String, _ other: String, _ overlaps: Bool) throws {
        let (left, right) = (try #require(IPPrefix(one)), try #require(IPPrefix(other)))
        #expect(left.overlaps(right) == overlaps)
        #expect(right.overlaps(left) == overlaps)
    }

    @Test func aLengthMustFitTheFamily() throws {
        let address = try #require(IPAddress("10.0.0.1"))
        #expect(IPPrefix(address, length: 33) == nil)
        #expect(IPPrefix(address, length: -1) == nil)
        #expect(IPPrefix(address, length: 32) == IPPrefix(host: address))
    }
}

@Suite struct MACTests {
    @Test func aTextBecomesLowerCaseWithColons() {
        #expect(MACAddress("AA-bb-0C-dd-ee-ff")?.description == "aa:bb:0c:dd:ee:ff")
        #expect(MACAddress("aa:bb:0c:dd:ee:ff")?.octets == [0xAA, 0xBB, 0x0C, 0xDD, 0xEE, 0xFF])
        #expect(MACAddress(octets: [0, 0, 0, 0, 0, 0]) == .zero)
    }

    @Test(arguments: [
        "", "aa:bb:cc:dd:ee", "aa:bb:cc:dd:ee:f", "aa:bb:cc:dd:ee:ff:00", "aa:bb-cc:dd:ee:ff",
        "aabb.ccdd.eeff",
        "aa:bb:cc:dd:ee:gg", "a:bbb:cc:dd:ee:ff", "aa:bb:cc:dd:ee:f:", "aa bb cc dd ee ff",
    ])
    func whatIsNoMACIsRefused(_ text: String) {
        #expect(MACAddress(text) == nil)
    }

    @Test func anAddressGivesAMAC() throws {
        #expect(MACAddress(try #require(IPAddress("172.17.0.2"))).description == "02:42:ac:11:00:02")
        #expect(MACAddress(try #require(IPAddress("fd00::1:2"))).description == "02:42:00:01:00:02")
    }

    @Test func groupsAreKnown() throws {
        #expect(try #require(MACAddress("01:00:5e:00:00:01")).isMulticast)
        #expect(try !#require(MACAddress("02:42:ac:11:00:02")).isMulticast)
    }
}
