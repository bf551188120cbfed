import CNISpec
import JSON
import Testing

@testable import CNIHost

@Suite struct ConfigurationTests {
    @Test(arguments: [
        (#""cniVersion":"1.0.0""#, CNIVersion.v1_0_0), (#""cniVersions":["0.4.0","0.3.1"]"#, .v0_4_0),
        (#""cniVersion":"0.4.0","cniVersions":["1.1.0","7.0.0"]"#, .v1_1_0), (#""x":1"#, .v0_1_0),
        (#""cniVersion":"7.0.0","cniVersions":["1.0.0"]"#, .v1_0_0), (#""cniVersion":"""#, .v0_1_0),
    ]) func theVersionIsTheNewestBothHave(_ members: String, _ version: CNIVersion) throws {
        #expect(try network(#"{"name":"n",\#(members),"plugins":[{"type":"a"}]}"#).version == version)
    }

    @Test(arguments: ["", ".", "1.", "1..0", "1.0.0.0", "a", "-1", "1.0.0-rc1"])
    func whatIsNoVersionIsRefused(_ text: String) {
        #expect(throws: HostError.self) {
            try network(#"{"name":"n","cniVersions":["\#(text)"],"plugins":[{"type":"a"}]}"#)
        }
    }

    @Test func aPluginIsGivenItsOwnKeysAsTheyStand() throws {
        let network = try network(
            #"{"cniVersion":"1.1.0","name":"n","plugins":[{"a":1.0,"type":"t","b":{"c":[1e400,18446744073709551616,-0]},"capabilities":{"x":true}}]}"#
        )
        #expect(
            request(network)
                == #"{"cniVersion":"1.1.0","name":"n","a":1.0,"type":"t","b":{"c":[1e400,18446744073709551616,-0]}}"#
        )
    }

    @Test func aPluginIsGivenTheCapabilitiesItAsksFor() throws {
        let network = try network(
            #"{"name":"n","plugins":[{"type":"t","capabilities":{"x":true,"y":false}}]}"#)
        let given = [JSONValue.Member("x", .verbatim("1.0")), .init("y", .integer(1)), .init("z", .null)]
        #expect(
            String(decoding: network.plugins[0].request(in: network, capabilities: given), as: UTF8.self)
                == #"{"cniVersion":"0.1.0","name":"n","type":"t","runtimeConfig":{"x":1.0}}"#)
    }

    @Test func whatIsValidIsSaidAlsoWhenItIsNothing() throws {
        let network = try network(#"{"name":"n","plugins":[{"type":"t"}]}"#)
        #expect(
            String(decoding: network.plugins[0].request(in: network, validAttachments: []), as: UTF8.self)
                == #"{"cniVersion":"0.1.0","name":"n","type":"t","cni.dev/valid-attachments":[],"cni.dev/attachments":[]}"#
        )
    }

    @Test func oneOldPluginBecomesTheListLibcniMakesOfIt() throws {
        let network = try NetworkConfiguration(
            upconverting: Array(#"{"type":"t","name":"n","b":1,"a":"<"}"#.utf8))
        #expect(
            String(decoding: network.bytes, as: UTF8.self)
                == #"{"cniVersion":"","name":"n","plugins":[{"a":"\u003c","b":1,"name":"n","type":"t"}]}"#)
    }
}

private func network(_ text: String) throws -> NetworkConfiguration {
    try NetworkConfiguration(parsing: Array(text.utf8), file: "f")
}

private func request(_ network: NetworkConfiguration) -> String {
    String(decoding: network.plugins[0].request(in: network), as: UTF8.self)
}
