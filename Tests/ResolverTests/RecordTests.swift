import JSON
import Testing

@testable import Resolver

/// Records as files.
@Suite struct RecordTests {
    @Test func whatIsWrittenIsRead() throws {
        var full = try record(["web", "www"], "10.0.0.2", "fd00::2")
        full.domain = "dns.podman"
        full.upstreams = try ["192.0.2.1", "[2001:db8::1]:5353"].map { try #require(Upstream($0)) }
        full.isInternal = true
        full.options = ["ndots:0"]
        full.links = ["db": "postgres"]
        full.ports = ListenerPorts(udp: 40000, tcp: 40001)
        for record in [full, try record(["a"], "10.0.0.3")] {
            let text = Array(record.json.text.utf8)
            #expect(try NameRecord(JSONReader(try JSONValue(parsing: text))) == record)
        }
    }

    @Test(arguments: [
        ("{}", "network: missing"),
        (
            #"{"network":"n","containerID":"c","interface":"i","namespace":"/n","addresses":["x"]}"#,
            "addresses[0]: 'x' is not an IP address"
        ),
        (
            #"{"network":"n","containerID":"c","interface":"i","namespace":"/n","ports":{"udp":0,"tcp":1}}"#,
            "ports.udp: 0 is out of range"
        ),
    ])
    func whatIsWrongIsNamed(_ text: String, _ problem: String) throws {
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect { try NameRecord(JSONReader(value)) } throws: { "\($0)".hasPrefix(problem) }
    }

    @Test func noTwoAttachmentsHaveOneFile() throws {
        let one = NameRecord.fileName(network: "a.b", containerID: "c", interface: "eth0")
        let two = NameRecord.fileName(network: "a", containerID: "b.c", interface: "eth0")
        #expect(one != two)
    }
}
