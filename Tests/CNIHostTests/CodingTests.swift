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

    // FIPS 180-4, the examples of the standard's pages, and lengths around the edge of a block.
    @Test func digestsAreThoseOfTheStandard() {
        #expect(hex(SHA512.digest(Array("abc".utf8))).hasPrefix("ddaf35a193617abacc417349ae204131"))
        #expect(hex(SHA512.digest([])).hasPrefix("cf83e1357eefb8bdf1542850d66d8007"))
        let long =
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"
        #expect(hex(SHA512.digest(Array(long.utf8))).hasPrefix("8e959b75dae313da8cf4f72814fc143f"))
        #expect(
            hex(SHA512.digest([UInt8](repeating: 97, count: 111))).hasPrefix(
                "fa9121c7b32b9e01733d034cfc78cbf6"))
        #expect(
            hex(SHA512.digest([UInt8](repeating: 97, count: 112))).hasPrefix(
                "c01d080efd492776a1c43bd23dd99d0a"))
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

private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
