import Addressing
import CNISpec
import JSON
import Testing

@testable import Engine

@Suite struct SandboxTests {
    private func candidate(
        _ interface: String, _ network: String, priority: Int64 = 0, isInternal: Bool = false,
        _ gateways: [String] = ["10.0.0.1"]
    ) -> GatewayElection.Candidate {
        GatewayElection.Candidate(
            interface: interface, networkName: network, priority: priority, isInternal: isInternal,
            gateways: gateways.compactMap { IPAddress($0) })
    }

    @Test func theNameDecidesAmongEquals() {
        let way = GatewayElection([candidate("eth0", "nb"), candidate("eth1", "na")]).way
        #expect(way?.interface == "eth1")
    }

    @Test func priorityGoesBeforeEverythingElse() {
        let way = GatewayElection([candidate("eth0", "a"), candidate("eth1", "b", priority: 1)]).way
        #expect(way?.interface == "eth1")
    }

    @Test func anInternalNetworkIsNoWayOut() {
        #expect(GatewayElection([candidate("eth0", "a", isInternal: true)]).way == nil)
        let way = GatewayElection([
            candidate("eth0", "a", priority: 9, isInternal: true), candidate("eth1", "b"),
        ]).way
        #expect(way?.interface == "eth1")
    }

    @Test func twoFamiliesGoBeforeOne() {
        let both = candidate("eth1", "z", ["10.0.0.1", "fd00::1"])
        let way = GatewayElection([candidate("eth0", "a"), both]).way
        #expect(way?.interface == "eth1" && way?.gateways.count == 2)
    }

    @Test func eachFamilyHasItsOwnGateway() {
        let way = GatewayElection([candidate("eth0", "a", ["fd00::1"]), candidate("eth1", "b")]).way
        #expect(way?.gateways.map { "\($0)" } == ["10.0.0.1", "fd00::1"] && way?.interface == "eth1")
    }

    @Test func hostsFileOfDocker() throws {
        var file = HostsFile()
        let address = try #require(IPAddress("172.17.0.2"))
        file.extra = [.init(address: try #require(IPAddress("192.0.2.7")), names: "db")]
        file.own = [.init(address: address, names: "0123456789ab")]
        #expect(
            file.text == """
                127.0.0.1\tlocalhost
                ::1\tlocalhost ip6-localhost ip6-loopback
                fe00::0\tip6-localnet
                ff00::0\tip6-mcastprefix
                ff02::1\tip6-allnodes
                ff02::2\tip6-allrouters
                192.0.2.7\tdb
                172.17.0.2\t0123456789ab

                """)
    }

    private let host = ResolverFile(
        "# by hand\nnameserver 127.0.0.1\nnameserver 10.0.2.2\nsearch example.test\noptions timeout:1\n")

    @Test func loopbackServersAreNotTheContainers() {
        #expect(
            host.forContainer.text == "nameserver 10.0.2.2\nsearch example.test\noptions timeout:1\n")
        #expect(ResolverFile("nameserver ::1\n").forContainer.servers == ["8.8.8.8", "8.8.4.4"])
    }

    @Test func theResolverIsAskedForAllNames() {
        #expect(
            host.forResolver.text
                == "nameserver 127.0.0.11\nsearch example.test\noptions timeout:1 ndots:0\n")
        #expect(ResolverFile("options ndots:2\n").forResolver.options == ["ndots:2"])
    }

    @Test func whatIsAskedForReplacesTheHosts() throws {
        let server = try #require(IPAddress("192.0.2.9"))
        let asked = NameRequest(servers: [server], search: ["."], options: ["ndots:3"])
        #expect(
            host.overridden(by: asked).forContainer.text == "nameserver 192.0.2.9\noptions ndots:3\n")
    }

    private func choice(_ published: [PortChoice.Holder] = []) -> PortChoice {
        PortChoice(published: published, listeners: [ContainerPort(32769)], range: 32768...32770)
    }

    @Test func aRandomPortIsTheFirstNobodyHas() throws {
        var choice = choice([.init(transport: .tcp, hostIP: nil, hostPort: 32768)])
        let request = PortRequest(container: ContainerPort(80))
        #expect(try choice.take(request, hostIP: nil) == 32770)
        #expect(throws: EngineError.self) { try choice.take(request, hostIP: nil) }
    }

    @Test func aTakenPortIsRefusedInDockersWords() {
        var choice = choice([.init(transport: .tcp, hostIP: IPAddress("127.0.0.1"), hostPort: 80)])
        let request = PortRequest(container: ContainerPort(80), hostPorts: 80...80)
        #expect(
            throws: EngineError("Bind for 0.0.0.0:80 failed: port is already allocated", .conflict)
        ) { try choice.take(request, hostIP: nil) }
        #expect(throws: Never.self) { try choice.take(request, hostIP: IPAddress("192.0.2.1")) }
    }

    @Test func listenersAreReadOfTheKernelsTable() {
        let text = """
              sl  local_address rem_address   st tx_queue rx_queue
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000
               1: 0100007F:1F91 0100007F:9C40 01 00000000:00000000

            """
        #expect(PortChoice.listeners(text, .tcp) == [ContainerPort(8080)])
    }

    @Test func aRecordIsReadAsItWasWritten() throws {
        var request = SandboxRequest(containerID: "c", name: "web", hostname: "h")
        request.mode = .networks([])
        request.ports = [PortRequest(container: ContainerPort(53, .udp), hostPorts: 53...54)]
        request.links = [LinkRequest(containerID: "d", alias: "db")]
        request.extraHosts = [ExtraHost(name: "me", address: nil)]
        var record = SandboxRecord(request)
        let endpoint = EndpointRequest(network: "n", aliases: ["a"], mac: MACAddress("02:00:00:00:00:01"))
        record.endpoints = [
            .init(id: "e", networkID: "n", networkName: "net", request: endpoint, interface: "eth0")
        ]
        record.way = .init(interface: "eth0", gateways: [try #require(IPAddress("10.0.0.1"))])
        record.ports = [.init(container: ContainerPort(53, .udp), hostIP: nil, hostPort: 54)]
        (record.isStarted, record.publisher) = (true, "eth0")
        #expect(try SandboxRecord(record.json) == record)
    }
}
