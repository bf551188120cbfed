import JSON
import Testing

@testable import OCISpec

@Suite struct DecodingTests {
    static let documents = [
        "runc-spec.json", "runc-spec-rootless.json", "podman-root.json", "containerd.json", "everything.json",
    ]

    @Test(arguments: documents) func decodesAndComesBackEqual(_ name: String) throws {
        let decoded = try Configuration(decoding: JSONReader(JSONValue(parsing: try document(name))))
        let text = decoded.json.prettyText()
        #expect(try configuration(text) == decoded)
    }
}
