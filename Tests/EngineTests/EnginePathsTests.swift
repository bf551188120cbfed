import Engine
import Testing

@Suite struct EnginePathsTests {
    @Test func everythingIsBelowOneOfTwoDirectories() {
        let paths = EnginePaths(root: "/a", run: "/b")
        #expect(paths.containers == "/a/containers" && paths.attachments == "/a/cni")
        #expect(paths.namespaces == "/b/netns" && paths.events == "/b/events")
    }
}
