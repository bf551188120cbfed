import Addressing
import CNISpec
import JSON
import Testing

/// Everything a result can say.
private let full = """
    {"cniVersion":"1.1.0",\
    "interfaces":[{"name":"br0","mac":"02:42:00:00:00:01","mtu":1500},\
    {"name":"eth0","mac":"02:42:00:00:00:02","sandbox":"/n","socketPath":"/s","pciID":"0000:04:00.5"}],\
    "ips":[{"interface":1,"address":"10.1.2.3/24","gateway":"10.1.2.1"},{"address":"fd00::3/64"},\
    {"interface":1,"address":"10.1.2.4/24"}],\
    "routes":[{"dst":"0.0.0.0/0","gw":"10.1.2.1","mtu":1400,"advmss":1360,"priority":5,"table":0,"scope":0},\
    {"dst":"fd01::7/48"}],\
    "dns":{"nameservers":["9.9.9.9"],"domain":"d","search":["s"],"options":["ndots:1"]}}
    """

/// The same as each version writes it; versions that write alike stand together.
private let shapes: [([CNIVersion], String)] = [
    (
        [.v0_1_0, .v0_2_0],
        """
        "ip4":{"ip":"10.1.2.3/24","gateway":"10.1.2.1","routes":[{"dst":"0.0.0.0/0","gw":"10.1.2.1"}]},\
        "ip6":{"ip":"fd00::3/64","routes":[{"dst":"fd01::7/48"}]},\
        "dns":{"nameservers":["9.9.9.9"],"domain":"d","search":["s"],"options":["ndots:1"]}}
        """
    ),
    (
        [.v0_3_0, .v0_3_1, .v0_4_0],
        """
        "interfaces":[{"name":"br0","mac":"02:42:00:00:00:01"},\
        {"name":"eth0","mac":"02:42:00:00:00:02","sandbox":"/n"}],\
        "ips":[{"version":"4","interface":1,"address":"10.1.2.3/24","gateway":"10.1.2.1"},\
        {"version":"6","address":"fd00::3/64"},{"version":"4","interface":1,"address":"10.1.2.4/24"}],\
        "routes":[{"dst":"0.0.0.0/0","gw":"10.1.2.1","mtu":1400,"advmss":1360,"priority":5,"table":0,"scope":0},\
        {"dst":"fd01::7/48"}],\
        "dns":{"nameservers":["9.9.9.9"],"domain":"d","search":["s"],"options":["ndots:1"]}}
        """
    ),
    ([.v1_0_0, .v1_1_0], String(full.dropFirst(#"{"cniVersion":"1.1.0","#.count))),
]

@Suite struct ResultTests {
    @Test func everyVersionHasItsShape() throws {
        let result = try result(full)
        for (versions, body) in shapes {
            for version in versions {
                #expect(try result.json(version).text == #"{"cniVersion":"\#(version)","# + body)
            }
        }
    }

    @Test func everyShapeIsReadBackWhole() throws {
        for (versions, body) in shapes {
            for version in versions {
                let text = #"{"cniVersion":"\#(version)","# + body
                #expect(try result(text).json(version).text == text)
                // Without a version of its own it is taken as the caller's.
                #expect(try result("{" + body, version).json(version).text == text)
            }
        }
    }

    @Test(arguments: CNIVersion.allCases) func anOldResultCanBecomeANewOne(_ version: CNIVersion) throws {
        let old = #"{"ip4":{"ip":"10.0.0.2/8","gateway":"","routes":null},"ip6":{"ip":"::2/64"}}"#
        let text = try result(old, .v0_2_0).json(version).text
        #expect(try result(text).addresses.map(\.address.description) == ["10.0.0.2/8", "::2/64"])
    }

    @Test func nothingIsWrittenShort() throws {
        #expect(try CNIResult().json(.v1_1_0).text == #"{"cniVersion":"1.1.0"}"#)
        #expect(try CNIResult().json(.v0_4_0).text == #"{"cniVersion":"0.4.0","dns":{}}"#)
        let address = CNIResult(addresses: [.init(try #require(IPPrefix("10.0.0.2/8")))])
        #expect(
            try address.json(.v0_1_0).text == #"{"cniVersion":"0.1.0","ip4":{"ip":"10.0.0.2/8"},"dns":{}}"#)
    }

    @Test(arguments: [CNIVersion.v0_1_0, .v0_2_0])
    func theOldestVersionsNeedAnAddress(_ version: CNIVersion) throws {
        let error = failure { _ = try CNIResult(interfaces: [.init(name: "eth0")]).json(version) }
        #expect(error.hasPrefix("1 cannot convert: no valid IP addresses; "))
        #expect(error.hasSuffix("not \(version)"))
    }

    @Test func sloppyAnswersAreUnderstood() throws {
        let result = try result(
            """
            {"CNIVersion":"0.3.1","IPs":[{"version":"4","interface":-1,"address":"10.0.0.2/8","gateway":""}],
             "routes":[{"dst":"::/0","gw":"","mtu":0,"advmss":0,"priority":0}],"interfaces":null,"dns":null,"x":1}
            """)
        #expect(result.addresses == [.init(try #require(IPPrefix("10.0.0.2/8")))])
        #expect(result.routes == [.init(try #require(IPPrefix("::/0")))])
        #expect(result.interfaces.isEmpty && result.dns.isEmpty)
    }

    @Test(arguments: [
        (#"{"cniVersion":"9.9.9"}"#, "cniVersion: unknown value '9.9.9'"),
        (#"{"cniVersion":1}"#, "cniVersion: expected string, found integer"),
        (#"{"ips":[{}]}"#, "ips[0].address: missing"),
        (#"{"ips":[{"address":"10.0.0.1"}]}"#, "ips[0].address: '10.0.0.1' is not an address with a prefix"),
        (#"{"ips":[{"address":"10.0.0.1/8","gateway":"x"}]}"#, "ips[0].gateway: 'x' is not an IP address"),
        (#"{"routes":[{"gw":"10.0.0.1"}]}"#, "routes[0].dst: missing"),
        (#"{"routes":[{"dst":"::/0","mtu":-1}]}"#, "routes[0].mtu: -1 is out of range"),
        (#"{"interfaces":{}}"#, "interfaces: expected array, found object"),
        (#"[]"#, "expected object, found array"),
    ])
    func whatIsNoResultIsRefusedWithItsPlace(_ text: String, _ reason: String) {
        #expect(failure { _ = try result(text) }.hasPrefix(reason))
    }

    @Test func theContainersAddressesAreFound() throws {
        let result = try result(full)
        #expect(result.addresses(of: "eth0").count == 3)
        #expect(result.addresses(of: "br0").map(\.address.description) == ["fd00::3/64"])
    }
}
