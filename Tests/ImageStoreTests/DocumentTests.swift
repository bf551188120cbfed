import JSON
import Testing

@testable import ImageStore

private func digest(_ text: String) -> ContentDigest { ContentDigest(of: Array(text.utf8)) }

private func entry(_ platform: Platform?, _ name: String) -> Descriptor {
    Descriptor(mediaType: MediaType.manifest, digest: digest(name), size: 1, platform: platform)
}

@Suite struct PlatformTests {
    @Test(arguments: [
        ("linux/amd64", ["linux/arm64", "linux/amd64", "linux/s390x"], 1),
        ("linux/amd64", ["windows/amd64", "linux/amd64/v1"], 1),
        // Nobody said that the processor is a v3.
        ("linux/amd64", ["linux/amd64/v3", "linux/amd64"], 1),
        ("linux/arm64/v8", ["linux/arm/v7", "linux/arm64"], 1),
        ("linux/arm64", ["linux/arm64/v8"], 0),
        ("linux/arm/v7", ["linux/arm/v5", "linux/arm/v6", "linux/arm64/v8"], 1),
        ("linux/arm/v6", ["linux/arm/v7", "linux/arm/v5"], 1),
        ("linux/arm/v7", ["linux/arm/v7", "linux/arm"], 0),
    ])
    func theBestOfAnIndexIsChosen(_ own: String, _ offered: [String], _ chosen: Int) throws {
        let index = ImageIndex(manifests: offered.map { entry(Platform($0), $0) })
        let platform = try #require(Platform(own))
        #expect(index.best(for: platform)?.digest == digest(offered[chosen]))
    }

    @Test func whatDoesNotRunIsNotChosen() throws {
        let index = ImageIndex(manifests: ["linux/arm64", "unknown/unknown"].map { entry(Platform($0), $0) })
        #expect(index.best(for: Platform(architecture: "amd64")) == nil)
    }

    @Test func aSingleEntryWithoutPlatformIsTheImage() {
        #expect(ImageIndex(manifests: [entry(nil, "one")]).best(for: .host)?.digest == digest("one"))
        #expect(ImageIndex(manifests: [entry(nil, "a"), entry(nil, "b")]).best(for: .host) == nil)
    }

    @Test(arguments: ["", "a/b/c/d", "linux/", "/amd64"]) func whatIsNoPlatformIsNone(_ text: String) {
        #expect(Platform(text) == nil)
    }
}

@Suite struct ChainTests {
    /// OCI image-spec, config.md, "Layer ChainID": ChainID(L0|L1) = SHA256(ChainID(L0) + " " + DiffID(L1)).
    @Test func aChainNamesALayerWithAllBelowIt() {
        let layers = ["a", "b", "c"].map(digest)
        let chain = ContentDigest.chain(of: layers)
        #expect(chain[0] == layers[0])
        #expect(chain[1] == digest("\(layers[0]) \(layers[1])"))
        #expect(chain[2] == digest("\(chain[1]) \(layers[2])"))
        #expect(ContentDigest.chain(of: []).isEmpty)
    }
}

@Suite struct DocumentTests {
    @Test func whatIsBothManifestAndIndexIsRefused() {
        let text = #"{"schemaVersion":2,"manifests":[],"layers":[],"config":{}}"#
        #expect(
            failure { () throws(ImageError) in _ = try ImageDocument(Array(text.utf8), "m") }.contains(
                "at once"))
    }

    @Test(arguments: [
        (#"{"schemaVersion":1,"fsLayers":[]}"#, "schema 1"),
        (
            #"{"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:0","size":1},"layers":[]}"#,
            "config.digest"
        ),
        (#"{"layers":[]}"#, "config: missing"),
        (#"[]"#, "expected object"),
    ])
    func whatIsNoManifestIsRefusedWithItsPlace(_ text: String, _ reason: String) {
        let found = failure { () throws(ImageError) in _ = try ImageDocument(Array(text.utf8), "m") }
        #expect(found.contains(reason), "\(found)")
    }

    @Test func aManifestIsReadBackAsItWasWritten() throws {
        let manifest = Manifest(
            configuration: Descriptor(mediaType: MediaType.configuration, digest: digest("c"), size: 3),
            layers: [Descriptor(mediaType: MediaType.layer(.gzip), digest: digest("l"), size: 5)])
        #expect(try ImageDocument(manifest.bytes, "m") == .manifest(manifest))
    }

    @Test func aConfigurationIsReadWithAllThatContainersInherit() throws {
        let text = """
            {"architecture":"arm64","variant":"v8","os":"linux","created":"2024-01-01T00:00:00Z","config":{"User":"1:2",
            "ExposedPorts":{"80/tcp":{},"53/udp":{}},"Env":["A=b"],"Entrypoint":["/e"],"Cmd":"run","Volumes":{"/v":{}},
            "WorkingDir":"/w","Labels":{"k":"v"},"StopSignal":"SIGQUIT","Healthcheck":{"Test":["CMD","x"],"Interval":5,
            "Timeout":6,"StartPeriod":7,"Retries":8},"OnBuild":null},"rootfs":{"type":"layers","diff_ids":["\(digest("d"))"]},
            "history":[{"created_by":"make","empty_layer":true}]}
            """
        let configuration = try ImageConfiguration(JSONReader(JSONValue(parsing: Array(text.utf8))))
        #expect(configuration.platform == Platform(architecture: "arm64", variant: "v8"))
        #expect(configuration.exposedPorts == ["53/udp", "80/tcp"] && configuration.volumes == ["/v"])
        #expect(configuration.command == ["run"] && configuration.stopSignal == "SIGQUIT")
        #expect(configuration.healthcheck?.retries == 8 && configuration.history[0].isEmptyLayer)
        let again = try ImageConfiguration(JSONReader(JSONValue(parsing: configuration.bytes)))
        #expect(again == configuration)
    }

    @Test func anErrorInAConfigurationHasItsPath() throws {
        let text = #"{"os":"linux","config":{"Env":["A=b",3]},"rootfs":{"diff_ids":[]}}"#
        do {
            _ = try ImageConfiguration(JSONReader(JSONValue(parsing: Array(text.utf8))))
            Issue.record("it was taken")
        } catch { #expect("\(error)".hasPrefix("config.Env[1]")) }
    }
}
