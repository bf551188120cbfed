import Addressing
import JSON
import Testing

@testable import PortGuard

private func port(
    _ transport: PublishedPort.Transport = .tcp, _ host: String? = nil, _ number: UInt16 = 80,
    to container: String = "10.0.0.2"
) throws -> PublishedPort {
    PublishedPort(
        transport, hostAddress: try host.map { try #require(IPAddress($0)) }, hostPort: number,
        to: try #require(IPAddress(container)), containerPort: 8080)
}

private func listening(_ text: String, _ number: UInt16 = 80) throws -> ListeningPort {
    ListeningPort(.tcp, try #require(IPAddress(text)), number)
}

@Suite struct PortPlanTests {
    @Test func withoutAnAddressBothFamiliesAreListenedOn() throws {
        let plan = PortPlan([try port()])
        #expect(Set(plan.targets.keys.map(\.description)) == ["0.0.0.0:80", "[::]:80"])
        #expect(plan.dispensable == [try listening("::")])
    }

    @Test(arguments: ["0.0.0.0", "::", "127.0.0.1", "2001:db8::1"])
    func anAddressIsListenedOnAlone(_ address: String) throws {
        let plan = PortPlan([try port(.tcp, address)])
        #expect(plan.targets.keys.map { "\($0.address)" } == [address])
        #expect(plan.dispensable.isEmpty)
    }

    @Test func aClientIsLedToItsOwnFamilyWhereThereIsOne() throws {
        for ports in [
            [try port(), try port(to: "fd00::2")], [try port(to: "fd00::2"), try port()],
        ] {
            let targets = PortPlan(ports).targets
            #expect(targets[try listening("0.0.0.0")]?.address == IPAddress("10.0.0.2"))
            #expect(targets[try listening("::")]?.address == IPAddress("fd00::2"))
        }
        #expect(PortPlan([try port()]).targets[try listening("::")]?.address == IPAddress("10.0.0.2"))
    }

    @Test func whatOnlyTheFirewallLeadsIsNotHeld() throws {
        #expect(PortPlan([try port(.sctp)]).targets.isEmpty)
    }

    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0", true), ("0.0.0.0", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false),
        ("0.0.0.0", "::", false), ("::", "::1", true),
    ])
    func allAddressesExcludeEachOfTheFamily(_ one: String, _ other: String, _ excludes: Bool) throws {
        #expect(try listening(one).excludes(try listening(other)) == excludes)
        #expect(try listening(other).excludes(try listening(one)) == excludes)
        #expect(try !listening(one).excludes(try listening(other, 81)))
    }
}

@Suite struct PortRecordTests {
    @Test func whatIsWrittenIsRead() throws {
        let record = PortRecord(
            containerID: "c", name: "web",
            ports: [try port(), try port(.udp, "2001:db8::1", 53, to: "fd00::2")])
        let text = Array(record.json.text.utf8)
        #expect(try PortRecord(JSONReader(try JSONValue(parsing: text))) == record)
        #expect(record.fileName == "c.json")
    }

    @Test(arguments: [
        (
            #"{"hostPort":0,"containerIP":"10.0.0.2","containerPort":1}"#,
            "ports[0].hostPort: 0 is out of range"
        ),
        (
            #"{"hostPort":1,"containerIP":"x","containerPort":1}"#,
            "ports[0].containerIP: 'x' is not an IP address"
        ),
        (#"{"protocol":"icmp","hostPort":1}"#, "ports[0].protocol: unknown value 'icmp'"),
    ])
    func whatIsWrongIsNamed(_ text: String, _ problem: String) throws {
        let value = try JSONValue(parsing: Array(#"{"containerID":"c","ports":[\#(text)]}"#.utf8))
        #expect { try PortRecord(JSONReader(value)) } throws: { "\($0)".hasPrefix(problem) }
    }
}
