import Addressing
import JSON
import Testing

@testable import Engine

@Suite struct OverlayNetworkTests {
    private let answer = """
        {"id":"\(String(repeating: "a", count: 64))","name":"blue","subnet":"10.5.0.0/16","gateway":"10.5.0.1",
        "subnet6":"fd05::/64","gateway6":"fd05::1","vni":4097,"blockSize":26,"internal":true,"labels":{"a":"b"},
        "created":"2026-01-01T00:00:00Z"}
        """

    private func record() throws -> NetworkRecord {
        try NetworkRecord(overlay: JSONReader(JSONValue(parsing: Array(answer.utf8))))
    }

    private func wish(_ change: (inout NetworkRequest) -> Void) throws -> String {
        var request = NetworkRequest(name: "blue")
        request.driver = "overlay"
        change(&request)
        return try request.overlayWish().value.text
    }

    @Test func theRecordIsWhatTheClusterHas() throws {
        let network = try record()
        #expect(network.scope == "global")
        #expect(network.subnets.map { "\($0.subnet)" } == ["10.5.0.0/16", "fd05::/64"])
        #expect(network.options == ["vni": "4097", "blockSize": "26"])
        #expect(network.hasIPv6 && network.isInternal && network.labels == ["a": "b"])
        #expect(try NetworkRecord(network.json()) == network)
    }

    @Test func itIsRenderedWithoutAnAddressManager() throws {
        var network = try record()
        network.isInternal = false
        let environment = NetworkEnvironment(paths: EnginePaths(run: "/r"), pluginDirectories: [])
        let text = NetworkRendering(network, environment).document.text
        for part in [
            #""type":"overlay","subnet":"10.5.0.0/16","gateway":"10.5.0.1","subnet6":"fd05::/64","gateway6":"fd05::1""#,
            #""vni":4097,"blockSize":26,"ipMasq":true,"isolated":true,"runDir":"/r""#, #""ips":true"#,
        ] { #expect(text.contains(part), "\(part) in \(text)") }
        #expect(!text.contains("ipam"))
    }

    @Test func anInternalOneHasNoWayOut() throws {
        let text = NetworkRendering(try record(), NetworkEnvironment(pluginDirectories: [])).document.text
        #expect(text.contains(#""internal":true"#) && !text.contains("ipMasq"))
    }

    @Test func whatIsNotSaidIsTheClustersChoice() throws {
        #expect(try wish { _ in } == #"{"name":"blue"}"#)
    }

    @Test func aWishHasWhatWasSaid() throws {
        let text = try wish {
            $0.subnets = [IPPrefix("10.6.0.0/16")].compactMap { $0 }
            $0.options = ["vni": "5000", "com.docker.network.driver.mtu": "1400"]
            ($0.hasIPv6, $0.isAttachable) = (true, true)
        }
        #expect(text.hasPrefix(#"{"name":"blue","subnet":"10.6.0.0/16","subnet6":"fd"#))
        #expect(text.hasSuffix(#""vni":5000,"mtu":1400,"attachable":true}"#))
    }

    @Test func whatAnOverlayCannotHaveIsRefused() {
        #expect(throws: EngineError.self) { try wish { $0.addressManager = "host-local" } }
        #expect(throws: EngineError.self) { try wish { $0.hasIPv4 = false } }
        #expect(throws: EngineError.self) { try wish { $0.options = ["encrypted": ""] } }
        #expect(throws: EngineError.self) {
            try wish { $0.subnets = [IPPrefix("10.6.0.0/16"), IPPrefix("10.7.0.0/16")].compactMap { $0 } }
        }
    }
}
