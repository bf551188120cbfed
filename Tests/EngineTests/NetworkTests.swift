import Addressing
import JSON
import Testing

@testable import Engine

@Suite struct NetworkTests {
    private func network(
        _ name: String, _ subnets: [String] = [], driver: String = "bridge"
    ) -> NetworkRecord {
        var network = NetworkRecord(
            id: String(repeating: "a", count: 64), name: name, created: "2026-01-01T00:00:00Z", driver: driver
        )
        network.subnets = subnets.compactMap { IPPrefix($0) }.map(NetworkRecord.Subnet.init)
        return network
    }

    private func chosen(
        _ network: NetworkRecord, among others: [NetworkRecord] = [], routes: [String] = []
    ) throws -> [String] {
        var network = network
        try NetworkStore.choose(&network, among: others, routes: routes.compactMap { IPPrefix($0) })
        return network.subnets.map { "\($0.subnet) \($0.gateway.map { "\($0)" } ?? "-")" }
    }

    @Test func dockersPoolsInOrder() throws {
        #expect(try chosen(network("a")) == ["172.17.0.0/16 172.17.0.1"])
        let others = [network("b", ["172.17.0.0/16"])]
        #expect(try chosen(network("a"), among: others) == ["172.18.0.0/16 172.18.0.1"])
        #expect(
            try chosen(network("a"), among: others, routes: ["0.0.0.0/0", "172.18.5.0/24"])
                == ["172.19.0.0/16 172.19.0.1"])
        #expect(
            try chosen(network("a"), routes: ["172.16.0.0/12"]) == ["192.168.0.0/20 192.168.0.1"])
    }

    @Test func aSubnetOfAnotherNetworkIsRefused() {
        let error = EngineError(
            "invalid pool request: Pool overlaps with other one on this address space", .conflict)
        #expect(throws: error) {
            try chosen(network("a", ["10.0.1.0/24"]), among: [network("b", ["10.0.0.0/16"])])
        }
        // A route of the host is the host's own business when somebody names the subnet.
        #expect(throws: Never.self) { try chosen(network("a", ["10.0.1.0/24"]), routes: ["10.0.0.0/8"]) }
    }

    @Test func aSecondFamilyIsChosenByChance() throws {
        var network = network("a")
        network.hasIPv6 = true
        let subnets = try chosen(network)
        #expect(subnets.count == 2 && subnets[1].hasPrefix("fd") && subnets[1].contains("::/64 "))
    }

    private func arranged(_ edit: (inout NetworkRequest.Words) -> Void) throws -> [NetworkRecord.Subnet] {
        var words = NetworkRequest.Words()
        edit(&words)
        var request = NetworkRequest(name: "a")
        try request.read(words)
        return try request.arrangedSubnets()
    }

    @Test func whatBelongsToASubnetFindsIt() throws {
        let subnets = try arranged {
            ($0.subnets, $0.gateways) = (["10.0.0.0/24", "fd00::/64"], ["fd00::5", "10.0.0.254"])
            ($0.ranges, $0.auxiliary) = (["10.0.0.128/25"], ["router=10.0.0.9"])
        }
        #expect(subnets.map { $0.gateway.map { "\($0)" } } == ["10.0.0.254", "fd00::5"])
        #expect(subnets[0].range == IPPrefix("10.0.0.128/25"))
        #expect(subnets[0].auxiliary == ["router": try #require(IPAddress("10.0.0.9"))])
    }

    @Test(arguments: [
        (["10.0.0.0/24"], ["10.9.0.1"], [], "no matching subnet for gateway 10.9.0.1"),
        (["10.0.0.0/24"], [], ["10.9.0.0/28"], "no matching subnet for range 10.9.0.0/28"),
        ([], [], ["10.9.0.0/28"], "every ip-range or gateway must have a corresponding subnet"),
        (["10.0.0.1/24"], [], [], "invalid subnet 10.0.0.1/24: it should be 10.0.0.0/24"),
        (
            ["10.0.0.0/24", "10.0.0.0/25"], [], [],
            "multiple overlapping subnet configuration is not supported"
        ),
        (["ten"], [], [], "invalid CIDR address: ten"),
    ])
    func errorsOfCreate(_ subnets: [String], _ gateways: [String], _ ranges: [String], _ message: String) {
        #expect(throws: EngineError(message, .invalid)) {
            try arranged { ($0.subnets, $0.gateways, $0.ranges) = (subnets, gateways, ranges) }
        }
    }

    @Test func keysOfInspectInDockersOrder() throws {
        let network = network("n", ["10.0.0.0/24"])
        guard case .object(let members) = network.json() else { throw EngineError("no object") }
        #expect(
            members.map(\.name) == [
                "Name", "Id", "Created", "Scope", "Driver", "EnableIPv4", "EnableIPv6", "IPAM", "Internal",
                "Attachable", "Ingress", "ConfigFrom", "ConfigOnly", "Containers", "Options", "Labels",
            ])
        #expect(try NetworkRecord(network.json()) == network)
    }

    @Test func aBridgeIsRendered() {
        var network = network("n", ["10.0.0.0/24"])
        network.subnets[0].gateway = IPAddress("10.0.0.1")
        network.subnets[0].range = IPPrefix("10.0.0.0/28")
        network.options = [
            "com.docker.network.bridge.enable_icc": "false", "com.docker.network.driver.mtu": "1400",
        ]
        let text = NetworkRendering(network, NetworkEnvironment(pluginDirectories: [])).document.text
        for part in [
            #""bridge":"br-aaaaaaaaaaaa""#, #""portIsolation":true"#, #""mtu":1400"#, #""ipMasq":true"#,
            #""ranges":[[{"subnet":"10.0.0.0/24","rangeStart":"10.0.0.1","rangeEnd":"10.0.0.15","gateway":"10.0.0.1"}]]"#,
        ] { #expect(text.contains(part), "\(part) in \(text)") }
    }

    @Test func aStrangersOptionsAreItsKeys() {
        var network = network("n", driver: "macvlan")
        network.options = ["master": "eth1", "mtu": "1400", "linkInContainer": "true"]
        let text = NetworkRendering(network, NetworkEnvironment(pluginDirectories: [])).document.text
        #expect(text.contains(#""type":"macvlan","linkInContainer":true,"master":"eth1","mtu":1400"#))
        #expect(!text.contains("ipam"))
    }

    @Test func routesOfTheHost() {
        let text = """
            Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
            eth0\t00000000\t0202000A\t0003\t0\t0\t0\t00000000\t0\t0\t0
            eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
            apus0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0

            """
        #expect(
            SubnetChoice.routes(text, exceptOn: ["apus0"]).map { "\($0)" } == ["0.0.0.0/0", "10.0.2.0/24"])
    }

    @Test func filtersOfTheList() throws {
        let (bridge, own) = (network("bridge"), network("mine"))
        let admitted = { (words: [String]) throws in
            try NetworkFilter(words, used: []).admits(own) ? "own" : ""
        }
        #expect(try admitted(["type=custom"]) == "own" && admitted(["type=builtin"]).isEmpty)
        #expect(try admitted(["name=in"]) == "own" && admitted(["dangling=true"]) == "own")
        #expect(try NetworkFilter(["dangling=true"], used: []).admits(bridge) == false)
        #expect(throws: EngineError.self) { try NetworkFilter(["bogus=1"], used: []) }
    }

    @Test func theGraphShowsWaysAndPorts() {
        let graph = NetworkGraph(
            host: "here", networks: [.init(name: "front", details: ["bridge br0"])],
            containers: [
                .init(
                    name: "web", links: [.init(network: "front", label: "eth0 10.0.0.2", isWayOut: true)],
                    ports: ["*:80 -> 80/tcp"])
            ])
        #expect(
            graph.text == """
                here
                └─ front (bridge br0)
                   └─ web  eth0 10.0.0.2  default route
                         *:80 -> 80/tcp

                """)
        #expect(graph.mermaid.contains("n0 ===|\"eth0 10.0.0.2\"| c0"))
        #expect(graph.svg.contains("*:80 -&gt; 80/tcp"))
    }
}
