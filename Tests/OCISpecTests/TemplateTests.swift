import JSON
import Testing

@testable import OCISpec

@Suite struct TemplateTests {
    /// The documents of `runc spec` and `runc spec --rootless`, run by root.
    @Test(arguments: [("runc-spec.json", false), ("runc-spec-rootless.json", true)])
    func isWhatRuncWrites(_ name: String, _ rootless: Bool) throws {
        var expected = try Configuration(decoding: JSONReader(JSONValue(parsing: document(name))))
        expected.ociVersion = "1.3.0"
        expected.hostname = "apus"
        #expect(Configuration.template(rootless: rootless) == expected)
    }

    @Test(arguments: [false, true]) func isGood(_ rootless: Bool) throws {
        let template = Configuration.template(rootless: rootless, uid: 1000, gid: 100)
        try template.validate()
        #expect(try configuration(template.json.prettyText()) == template)
        #expect(template.linux.uidMappings.first?.hostID == (rootless ? 1000 : nil))
    }
}

@Suite struct StateTests {
    @Test func stateIsWhatTheSpecificationShows() throws {
        let state = State(
            ociVersion: "1.3.0", id: "oci-container1", status: "running", pid: 4422,
            bundle: "/containers/redis",
            annotations: ["myKey": "myValue"])
        #expect(
            state.json.text
                == #"{"ociVersion":"1.3.0","id":"oci-container1","status":"running","pid":4422,"#
                + #""bundle":"/containers/redis","annotations":{"myKey":"myValue"}}"#)
        #expect(try State(decoding: JSONReader(state.json)) == state)
        let stopped = State(ociVersion: "1.3.0", id: "a", status: "stopped", bundle: "/b")
        #expect(stopped.json.text == #"{"ociVersion":"1.3.0","id":"a","status":"stopped","bundle":"/b"}"#)
        #expect(try State(decoding: JSONReader(stopped.json)) == stopped)
    }

    @Test func processStateCarriesTheDescriptorNames() {
        let state = ContainerProcessState(
            ociVersion: "1.3.0", fds: ["seccompFd"], pid: 7, metadata: "m",
            state: State(ociVersion: "1.3.0", id: "a", status: "creating", pid: 7, bundle: "/b"))
        #expect(
            state.json.text
                == #"{"ociVersion":"1.3.0","fds":["seccompFd"],"pid":7,"metadata":"m","state":"#
                + #"{"ociVersion":"1.3.0","id":"a","status":"creating","pid":7,"bundle":"/b"}}"#)
    }
}
