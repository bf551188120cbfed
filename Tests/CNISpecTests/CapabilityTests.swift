import Addressing
import CNISpec
import JSON
import Testing

@Suite struct CapabilityTests {
    private func given(_ text: String) throws -> RuntimeConfiguration {
        RuntimeConfiguration(try reader(text))
    }

    @Test func whatWasNotGivenIsEmpty() throws {
        for configuration in [RuntimeConfiguration(nil), try given("{}")] {
            #expect(try configuration.portMappings().isEmpty && configuration.ipRanges().isEmpty)
            #expect(try configuration.ips().isEmpty && configuration.aliases(on: "n").isEmpty)
            #expect(try configuration.mac() == nil && configuration.dns() == nil)
            #expect(try configuration.bandwidth() == nil && configuration.podAnnotations().isEmpty)
            #expect(try configuration.deviceID() == nil && configuration.infinibandGUID() == nil)
            #expect(try configuration.cgroupPath() == nil && configuration.value("x") == nil)
        }
    }

    @Test func portMappingsAreRead() throws {
        let mappings = try given(
            """
            {"portMappings":[{"hostPort":80,"containerPort":8080},
             {"hostPort":53,"containerPort":53,"protocol":"UDP","hostIP":"10.0.0.1"},
             {"hostPort":65535,"containerPort":1,"protocol":"sctp","hostIP":""},
             {"hostPort":1000,"containerPort":2000,"range":10}]}
            """
        ).portMappings()
        #expect(
            mappings == [
                PortMapping(hostPort: 80, containerPort: 8080),
                PortMapping(hostPort: 53, containerPort: 53, transport: .udp, hostIP: IPAddress("10.0.0.1")),
                PortMapping(hostPort: 65535, containerPort: 1, transport: .sctp),
                PortMapping(hostPort: 1000, containerPort: 2000, count: 10),
            ])
    }

    @Test(arguments: [
        (#"{"hostPort":0,"containerPort":1}"#, "hostPort: Invalid host port number: 0"),
        (#"{"hostPort":1,"containerPort":-1}"#, "containerPort: Invalid container port number: -1"),
        (#"{"hostPort":65536,"containerPort":1}"#, "hostPort: Invalid host port number: 65536"),
        (#"{"containerPort":1}"#, "hostPort: missing"),
        (#"{"hostPort":"80","containerPort":1}"#, "hostPort: expected integer, found string"),
        (#"{"hostPort":1,"containerPort":1,"protocol":"icmp"}"#, "protocol: unknown value 'icmp'"),
        (#"{"hostPort":1,"containerPort":1,"hostIP":"x"}"#, "hostIP: 'x' is not an IP address"),
        (#"{"hostPort":1,"containerPort":1,"range":0}"#, "range: 0 is out of range (allowed: 1 to 65535)"),
        (#"{"hostPort":65530,"containerPort":1,"range":7}"#, "range: 7 is out of range (allowed: 1 to 6)"),
    ])
    func badPortMappingsAreNamed(_ text: String, _ reason: String) throws {
        let configuration = try given(#"{"portMappings":[\#(text)]}"#)
        #expect(failure { _ = try configuration.portMappings() }.hasPrefix("portMappings[0]." + reason))
    }

    @Test func addressesAndRangesAreRead() throws {
        let configuration = try given(
            """
            {"ips":["10.0.0.5","fd00::5/64"],"mac":"02:42:00:00:00:09","ipRanges":[[{"subnet":"10.0.0.0/24",
             "rangeStart":"10.0.0.10","rangeEnd":"10.0.0.20","gateway":"10.0.0.1"}],[{"subnet":"fd00::/64"}]]}
            """)
        let ips = try configuration.ips()
        #expect(ips.map(\.address.description) == ["10.0.0.5", "fd00::5"])
        #expect(ips.map(\.prefix?.description) == [nil, "fd00::5/64"])
        let ranges = try configuration.ipRanges()
        #expect(ranges.map(\.count) == [1, 1] && ranges[0][0].end?.description == "10.0.0.20")
        #expect(ranges[1][0] == IPRange(try #require(IPPrefix("fd00::/64"))))
        #expect(try configuration.mac()?.description == "02:42:00:00:00:09")
    }

    @Test(arguments: ["01:00:5e:00:00:01", "00:00:00:00:00:00", "02:42:00:00:00"])
    func aMACNoInterfaceCanHaveIsRefused(_ text: String) throws {
        let configuration = try given(#"{"mac":"\#(text)"}"#)
        #expect(failure { _ = try configuration.mac() }.hasPrefix("mac: '\(text)' is not a MAC address"))
    }

    @Test func theOthersAreRead() throws {
        let configuration = try given(
            """
            {"bandwidth":{"ingressRate":1000,"ingressBurst":2000,"egressRate":18446744073709551615},
             "dns":{"servers":["9.9.9.9"],"searches":["a"],"options":["b"]},"aliases":["x","y"],"deviceID":"d",
             "infinibandGUID":"g","cgroupPath":"/c","io.kubernetes.cri.pod-annotations":{"k":"v"},"mine":7}
            """)
        let bandwidth = try #require(try configuration.bandwidth())
        #expect(bandwidth.ingressBurst == 2000 && bandwidth.egressRate == .max && bandwidth.egressBurst == 0)
        let dns = try #require(try configuration.dns())
        #expect(dns.nameservers == ["9.9.9.9"] && dns.search == ["a"] && dns.options == ["b"])
        #expect(try configuration.aliases(on: "n") == ["x", "y"])
        #expect(try configuration.deviceID() == "d" && configuration.infinibandGUID() == "g")
        #expect(try configuration.cgroupPath() == "/c" && configuration.podAnnotations() == ["k": "v"])
        #expect(try configuration.value("mine")?.integer() == 7)
    }

    @Test func aliasesCanBeGivenByNetwork() throws {
        let configuration = try given(#"{"aliases":{"a":["x"],"b":["y"]}}"#)
        #expect(try configuration.aliases(on: "b") == ["y"] && configuration.aliases(on: "c").isEmpty)
    }
}
