import Testing

@testable import Engine

@Suite struct CopyTests {
    @Test func aSideIsAContainersOnlyWithAColonAndWithoutASign() {
        #expect(CopyRequest.Side("web:/etc") == .container("web", path: "/etc"))
        #expect(CopyRequest.Side("web:a:b") == .container("web", path: "a:b"))
        #expect(
            CopyRequest.Side("./web:a") == .host("./web:a") && CopyRequest.Side("/web:a") == .host("/web:a"))
        #expect(CopyRequest.Side("web") == .host("web") && CopyRequest.Side(":a") == .host(":a"))
        #expect(CopyRequest.Side("-") == .stream)
    }

    @Test(arguments: [
        ("/a/b", "/a/b", false, false), ("/a/b/", "/a/b", true, false), ("/a/.", "/a/.", true, true),
        ("a", "a", false, false), ("/", "/", true, true), (".", ".", true, true), ("", "/", true, true),
        ("/a/..", "/a/..", true, true),
    ])
    func aPathSaysWhatOfItIsMeant(_ typed: String, _ text: String, _ directory: Bool, _ contents: Bool) {
        let path = CopyPath(typed)
        #expect(path.text == text && path.wantsDirectory == directory && path.wantsContents == contents)
    }
}
