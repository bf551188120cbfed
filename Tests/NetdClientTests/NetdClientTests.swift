import JSON
import Testing

@testable import NetdClient

@Suite struct NetdCallTests {
    @Test(arguments: [
        NetdCall.sync(.names, record: "blue:c:eth0.json"), .sync(.ports, record: "c.json"), .status, .stop,
        .sync(.overlay, record: "blue:c:eth0.json"), .overlay(.nodes, with: .object([])),
        .overlay(.removeNetwork, with: .object([.init("name", .string("blue"))])),
    ])
    func whatIsSaidIsUnderstood(_ call: NetdCall) throws {
        #expect(try NetdCall(JSONReader(try JSONValue(parsing: Array(call.json.text.utf8)))) == call)
    }

    @Test(arguments: [
        ("{}", "do: missing"), (#"{"do":"x"}"#, "do: unknown value 'x'"),
        (#"{"do":"sync","kind":"dns","record":"../a"}"#, "record: '../a' is not the name of a file"),
        (#"{"do":"sync","kind":"dns","record":"a/b"}"#, "record: 'a/b' is not the name of a file"),
        (#"{"do":"sync","kind":"x","record":"a"}"#, "kind: unknown value 'x'"),
    ])
    func whatIsNoCallIsRefused(_ text: String, _ problem: String) throws {
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect { try NetdCall(JSONReader(value)) } throws: { "\($0)".hasPrefix(problem) }
    }

    @Test func aRefusalComesBackAsItWas() throws {
        let refusal = NetdRefusal(
            .portTaken, "Bind for 0.0.0.0:80 failed: port is already allocated", owner: "c")
        let answer = JSONReader(try JSONValue(parsing: Array(refusal.json.text.utf8)))
        #expect(try NetdRefusal(answer) == refusal)
        #expect(try NetdRefusal(JSONReader(.object([.init("ok", .boolean(true))]))) == nil)
    }

    @Test func aMissingProgramIsSaidWithThePlaces() throws {
        let client = NetdClient(NetdPaths(run: "/nonexistent"), program: "/nonexistent/apus-netd")
        #expect(try client.status() == nil)
        #expect { try client.sync(.names, "a.json") } throws: { "\($0)".contains("/nonexistent/apus-netd") }
    }
}
