import Foundation
import JSON
import OCISpec
import Testing

@Suite struct DocumentTests {
    @Test(arguments: [false, true]) func specWritesWhatDecodes(rootless: Bool) throws {
        try inScratchDirectory { directory in
            let words = ["spec", "-b", directory.path] + (rootless ? ["--rootless"] : [])
            #expect(try Tool.run(words).code == 0)
            let path = directory.appendingPathComponent("config.json")
            let bytes = try [UInt8](Data(contentsOf: path))
            let configuration = try Configuration(decoding: JSONReader(JSONValue(parsing: bytes)))
            #expect(configuration.process?.args == ["sh"] && configuration.root.readonly)
            let kinds = configuration.linux.namespaces.map(\.type)
            #expect(kinds.contains(.user) == rootless && kinds.contains(.network) == !rootless)
            #expect(configuration.linux.uidMappings.isEmpty == !rootless)
        }
    }

    @Test func specNeverReplacesAFile() throws {
        try inScratchDirectory { directory in
            let path = directory.appendingPathComponent("config.json")
            try Data("mine".utf8).write(to: path)
            let outcome = try Tool.run(["spec"], in: directory)
            #expect(outcome.code == 1 && outcome.errors.contains("exists; remove it first"))
            #expect(try Data(contentsOf: path) == Data("mine".utf8))
        }
    }

    @Test func featuresAreTheDocumentOfTheSpecification() throws {
        let outcome = try Tool.run(["features"])
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(document["ociVersionMin"] as? String == "1.0.0")
        #expect(document["ociVersionMax"] as? String == "1.3.0")
        #expect((document["hooks"] as? [String])?.count == 6)
        #expect((document["mountOptions"] as? [String])?.contains("rro") == true)
        let linux = try #require(document["linux"] as? [String: Any])
        #expect(
            (linux["namespaces"] as? [String])?.sorted() == [
                "cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts",
            ])
        #expect((linux["capabilities"] as? [String])?.first == "CAP_CHOWN")
        let seccomp = try #require(linux["seccomp"] as? [String: Any])
        #expect((seccomp["actions"] as? [String])?.contains("SCMP_ACT_NOTIFY") == true)
        for name in [
            "cgroup", "apparmor", "selinux", "intelRdt", "mountExtensions", "netDevices", "memoryPolicy",
        ] {
            #expect(linux[name] is [String: Any], "\(name)")
        }
    }
}
