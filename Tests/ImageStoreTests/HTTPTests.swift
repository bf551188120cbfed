import Testing

@testable import ImageStore

@Suite struct HTTPTests {
    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5", HTTPHead.Length.bytes(5)),
        ("HTTP/1.0 200\r\nX: y", .untilClosed), ("HTTP/1.1 204 None\r\nContent-Length: 9", .bytes(0)),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked", .chunked),
        // Two readers might see two bodies: request smuggling's cousin.
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5", nil),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked", nil),
        ("HTTP/1.1 200 OK\r\nContent-Length: -1", nil),
        ("HTTP/1.1 200 OK\r\nContent-Length: x", nil),
    ])
    func theEndOfABodyIsKnown(_ head: String, _ length: HTTPHead.Length?) throws {
        #expect(try #require(HTTPHead(Array(head.utf8))).length == length)
    }

    @Test(arguments: ["", "SSH-2.0-x", "HTTP/2 200", "HTTP/1.1 abc", "HTTP/1.1 200 OK\r\nno colon"])
    func whatIsNoHeadIsNone(_ head: String) { #expect(HTTPHead(Array(head.utf8)) == nil) }

    @Test func namesOfFieldsHaveNoCase() {
        let head = HTTPHead(Array("HTTP/1.1 200 OK\r\nDocker-CONTENT-Digest:  x: y".utf8))
        #expect(head?.fields == ["docker-content-digest": "x: y"])
    }

    @Test(arguments: [
        ("localhost:5000", "localhost", UInt16(5000)), ("127.0.0.1", "127.0.0.1", 80),
        ("[::1]:5000", "::1", 5000),
        ("[::1]", "::1", 80),
    ])
    func aRegistryIsHostAndPort(_ domain: String, _ host: String, _ port: UInt16) {
        #expect(PlainURL(domain: domain, path: "/") == PlainURL(host: host, port: port, path: "/"))
    }

    @Test(arguments: ["a:b", ":5000", "a:99999", "[::1]x"]) func whatIsNoRegistryIsNone(_ domain: String) {
        #expect(PlainURL(domain: domain, path: "/") == nil)
    }

    @Test func redirectionsStayPlainOrLeadNowhere() {
        let url = PlainURL(host: "a", port: 5000, path: "/v2/")
        #expect(url.redirected(to: "/x?y")?.description == "http://a:5000/x?y")
        #expect(url.redirected(to: "http://b/c")?.description == "http://b/c")
        #expect(url.redirected(to: "https://b/c") == nil && url.redirected(to: "//b/c") == nil)
    }
}
