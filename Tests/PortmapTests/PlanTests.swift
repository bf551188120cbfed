import Addressing
import CNISpec
import Firewall
import JSON
import Testing

@testable import portmap

private func keys(_ members: String = "") throws -> Keys {
    let value = try JSONValue(parsing: Array("{\(members)}".utf8), as: .forgiving)
    return try Keys(JSONReader(value, as: .forgiving))
}

private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

/// The elements as nft writes them.
private func plan(_ mappings: [PortMapping], _ members: String = "", interface: String? = "br0") throws
    -> Plan
{
    let targets = [
        Plan.Target(address: try address("10.1.0.2"), interface: interface),
        Plan.Target(address: try address("fd01::2"), interface: interface),
    ]
    return try Plan(mappings, to: targets, try keys(members))
}

@Suite struct PlanTests {
    private let web = PortMapping(hostPort: 80, containerPort: 8080)

    @Test func aMappingIsForBothFamilies() throws {
        #expect(
            try plan([web]).entries.map(\.description) == [
                "dnat4 { tcp . 80 : 10.1.0.2 . 8080 }", "itself4 { 10.1.0.2 . 10.1.0.2 }",
                "hairpin4 { 10.1.0.2 . \"br0\" }", "dnat6 { tcp . 80 : fd01::2 . 8080 }",
                "itself6 { fd01::2 . fd01::2 }", "hairpin6 { fd01::2 . \"br0\" }",
            ])
    }

    @Test(arguments: [
        ("0.0.0.0", "dnat4 { udp . 53 : 10.1.0.2 . 53 }"), ("::", "dnat6 { udp . 53 : fd01::2 . 53 }"),
        ("192.0.2.1", "dnat_address4 { 192.0.2.1 . udp . 53 : 10.1.0.2 . 53 }"),
        ("2001:db8::1", "dnat_address6 { 2001:db8::1 . udp . 53 : fd01::2 . 53 }"),
    ])
    func anAddressOfTheHostChoosesTheFamily(_ host: String, _ element: String) throws {
        let mapping = PortMapping(
            hostPort: 53, containerPort: 53, transport: .udp, hostIP: try address(host))
        let plan = try plan([mapping], #""snat": false"#)
        #expect(plan.entries.map(\.description) == [element])
        #expect(plan.unserved.isEmpty)
    }

    @Test func aMappingNoAddressServesIsTold() throws {
        let mapping = PortMapping(hostPort: 80, containerPort: 80, hostIP: try address("fd00::15"))
        let target = Plan.Target(address: try address("10.1.0.2"), interface: "br0")
        let plan = try Plan([web, mapping], to: [target], try keys())
        #expect(plan.unserved == [mapping])
        #expect(plan.publications.map(\.hostText) == ["0.0.0.0:80/tcp"])
    }

    @Test func aRangeIsOneElementAPort() throws {
        let mapping = PortMapping(hostPort: 8000, containerPort: 90, transport: .sctp, count: 3)
        let plan = try plan([mapping], #""snat": false"#)
        #expect(
            plan.entries.map(\.description).filter { $0.hasPrefix("dnat4") } == [
                "dnat4 { sctp . 8000 : 10.1.0.2 . 90 }", "dnat4 { sctp . 8001 : 10.1.0.2 . 91 }",
                "dnat4 { sctp . 8002 : 10.1.0.2 . 92 }",
            ])
    }

    @Test func theLastPortsOfARangeExist() throws {
        let mapping = PortMapping(hostPort: 65534, containerPort: 65534, count: 2)
        #expect(try plan([mapping]).publications.map(\.hostPort).max() == 65535)
    }

    @Test func theSameMappingTwiceIsOne() throws { #expect(try plan([web, web]) == plan([web])) }

    @Test func aPortOfTheHostLeadsToOnePort() throws {
        let other = PortMapping(hostPort: 80, containerPort: 9090)
        #expect(throws: CNIError.self) { try plan([web, other]) }
        #expect(
            try plan([web, PortMapping(hostPort: 80, containerPort: 9090, transport: .udp)]).entries.count
                == 8)
    }

    @Test func masqueradingFollowsTheKeys() throws {
        let all = try plan([web], #""masqAll": true"#).entries.map(\.description)
        #expect(all.contains("masquerade_clients4 { 10.1.0.2 }"))
        let none = try plan([web], #""snat": false, "masqAll": true"#).entries.map(\.description)
        #expect(none == ["dnat4 { tcp . 80 : 10.1.0.2 . 8080 }", "dnat6 { tcp . 80 : fd01::2 . 8080 }"])
        let far = try plan([web], interface: nil).entries.map(\.description)
        #expect(far.contains("itself4 { 10.1.0.2 . 10.1.0.2 }") && !far.contains { $0.contains("hairpin") })
    }

    @Test func whatAConditionExcludesStandsOnceForEachPort() throws {
        let single = PortMapping(hostPort: 80, containerPort: 8080, hostIP: try address("192.0.2.1"))
        let text = #""snat": false, "conditionsV4": ["!", "-s", "10.9.0.0/16"]"#
        let both = try plan([web, single], text).entries.filter { "\($0)".hasPrefix("except") }
        #expect(both.count == 1 && !"\(both)".contains("192.0.2.1"), "\(both)")
        let alone = try plan([single], text).entries.filter { "\($0)".hasPrefix("except") }
        #expect(alone.count == 1 && "\(alone)".contains("192.0.2.1"), "\(alone)")
    }

    @Test(arguments: [
        ("", ["br0"]), (#""snat": false"#, []),
    ])
    func loopbackIsOpenedWhereItIsPublished(_ members: String, _ links: [String]) throws {
        let targets = [Plan.Target(address: try address("10.1.0.2"), interface: "br0")]
        func found(_ host: String?) throws -> [String] {
            let mapping = PortMapping(
                hostPort: 80, containerPort: 80, hostIP: try host.map { try address($0) })
            return Plan.loopbackLinks([mapping], to: targets, try keys(members))
        }
        for host in [nil, "0.0.0.0", "127.0.0.1"] { #expect(try found(host) == links) }
        for host in ["192.0.2.1", "::", "fd00::15"] { #expect(try found(host).isEmpty) }
    }
}

@Suite struct KeysTests {
    @Test(arguments: [
        "", #""backend": "iptables""#, #""backend": "nftables", "markMasqBit": 0"#, #""markMasqBit": 31"#,
        #""externalSetMarkChain": "KUBE-MARK-MASQ""#, #""conditionsV4": null, "externalSetMarkChain": """#,
    ])
    func aConfigurationOfTheReferenceIsAccepted(_ members: String) throws {
        try keys(members).check()
    }

    @Test(arguments: [
        (#""backend": "ipvs""#, 7, "ipvs"), (#""markMasqBit": 32"#, 7, "32"),
        (#""markMasqBit": -1"#, 7, "-1"),
        (#""externalSetMarkChain": "MINE""#, 2, "MINE"),
        (#""conditionsV6": ["-s", "10.0.0.1"]"#, 7, "conditionsV6"),
        (#""markMasqBit": 3, "externalSetMarkChain": "KUBE-MARK-MASQ""#, 7, "Cannot specify"),
    ])
    func theRestIsRefusedByValue(_ members: String, _ code: Int, _ text: String) throws {
        let read = try keys(members)
        do throws(CNIError) {
            try read.check()
            Issue.record("accepted")
        } catch {
            #expect(error.code.rawValue == code && error.message.contains(text))
        }
    }
}
