import JSON
import Testing

@testable import CNIHost

@Suite struct CodingTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]) func base64IsThatOfTheStandard(_ text: String, _ code: String) {
        #expect(Base64.encode(Array(text.utf8)) == code)
        #expect(Base64.decode(code) == Array(text.utf8))
    }

    @Test func everyByteComesBackFromBase64() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }

    @Test(arguments: ["Z", "Zg", "Zg=", "Z===", "=Zg=", "Zg==Zg==", "Zm9 ", "Zm9-", "Zm9\n"])
    func whatIsNoBase64IsRefused(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

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
