import JSON
import Testing

@testable import CNIHost

@Suite struct CodingTests {
    @Test func aContainerIsNamedAsCnitoolNamesIt() {
        #expect(
            AttachmentParameters.containerID(ofNamespace: "/run/netns/red") == "cnitool-5a8afba643291be94fa1")
    }

    @Test func mapsAreWrittenAsGoWritesThem() throws {
        let value = try JSONValue(
            parsing: Array(#"{"b":[{"z":1,"a":"<&>"}],"a":1.50,"B":2,"b2":"\u2028é","a":2}"#.utf8),
            as: .forgiving)
        #expect(goText(value) == #"{"B":2,"a":2,"b":[{"a":"\u003c\u0026\u003e","z":1}],"b2":"\u2028é"}"#)
    }
}
