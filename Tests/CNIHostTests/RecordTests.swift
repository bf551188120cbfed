import CNISpec
import JSON
import Testing

@testable import CNIHost

@Suite struct RecordTests {
    private let libcni =
        #"{"kind":"cniCacheV1","containerId":"c","config":"e30=","ifName":"eth0","networkName":"n","netns":"/n","cniArgs":[["A","b"]],"capabilityArgs":{"x":[1]},"result":{"cniVersion":"1.0.0"}}"#

    @Test func aRecordIsReadAndWrittenByteForByte() throws {
        let record = try AttachmentRecord(parsing: Array(libcni.utf8))
        #expect(record.key == AttachmentKey(network: "n", containerID: "c", interface: "eth0"))
        #expect(record.configuration == Array("{}".utf8))
        #expect(record.arguments == [.init("A", "b")])
        #expect(String(decoding: record.bytes, as: UTF8.self) == libcni)
    }

    @Test func whatIsEmptyIsLeftOut() throws {
        let text =
            #"{"kind":"cniCacheV1","containerId":"c","config":"e30=","ifName":"eth0","networkName":"n"}"#
        let record = try AttachmentRecord(parsing: Array(text.utf8))
        #expect(String(decoding: record.bytes, as: UTF8.self) == text)
        #expect(record.result == nil)
    }

    // libcni before 1.2, so Debian's podman, keeps no namespace.
    @Test func theNamespaceIsInTheResultToo() throws {
        let text =
            #"{"kind":"cniCacheV1","containerId":"c","config":"e30=","ifName":"e","networkName":"n","result":{"cniVersion":"0.4.0","interfaces":[{"name":"e"},{"name":"e","sandbox":"/n"}]}}"#
        #expect(try AttachmentRecord(parsing: Array(text.utf8)).namespace == "/n")
    }

    // Every beginning of a file, as a machine that lost its power leaves one.
    @Test func halfARecordIsNone() {
        for length in 0..<libcni.utf8.count {
            #expect(throws: JSONError.self) {
                try AttachmentRecord(parsing: Array(libcni.utf8.prefix(length)))
            }
        }
    }

    @Test func aResultIsWrittenInTheVersionAskedFor() throws {
        var record = AttachmentRecord()
        record.result = try JSONValue(
            parsing: Array(#"{"cniVersion":"1.0.0","ips":[{"address":"10.0.0.2/24"}],"more":1.0}"#.utf8),
            as: .forgiving)
        #expect(try record.result(in: .v1_0_0)?.text.contains(#""more":1.0"#) == true)
        #expect(
            try record.result(in: .v0_4_0)?.text
                == #"{"cniVersion":"0.4.0","ips":[{"version":"4","address":"10.0.0.2/24"}],"dns":{}}"#)
    }

    @Test func theArgumentsOfTheAddCount() throws {
        let record = try AttachmentRecord(parsing: Array(libcni.utf8))
        let given = AttachmentParameters(
            containerID: "c", namespace: "", arguments: [.init("C", "d")], capabilities: [.init("y", .null)])
        let used = record.completed(given)
        #expect(used.arguments == [.init("A", "b")])
        #expect(used.capabilities.map(\.name) == ["x"])
        #expect(used.namespace == "/n")
    }
}
