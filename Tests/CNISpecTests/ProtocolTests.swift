import CNISpec
import JSON
import Testing

@Suite struct ProtocolTests {
    @Test func versionsAreOrderedByAge() {
        #expect(CNIVersion.allCases.shuffled().sorted() == CNIVersion.allCases)
        #expect(CNIVersion.allCases.last == .latest)
        #expect(CNIVersion(rawValue: "1.1.1") == nil && CNIVersion(rawValue: "") == nil)
    }

    @Test(arguments: [
        (Verb.add, "0.1.0", 4), (.delete, "0.1.0", 3), (.check, "0.4.0", 4), (.collectGarbage, "1.1.0", 1),
        (.status, "1.1.0", 1), (.version, "0.1.0", 0),
    ])
    func verbsKnowTheirNeeds(_ verb: Verb, _ since: String, _ count: Int) {
        #expect(verb.since.rawValue == since && verb.requiredVariables.count == count)
    }

    @Test func anErrorIsWrittenAndReadBack() throws {
        let error = CNIError(.invalidConfiguration, "mtu: \"x\"", details: "d")
        let text = error.json(.v1_0_0).text
        #expect(text == #"{"cniVersion":"1.0.0","code":7,"msg":"mtu: \"x\"","details":"d"}"#)
        #expect(try CNIError(reader(text)) == error)
        #expect(error.description == "mtu: \"x\"; d")
        #expect(CNIError(.ioFailure, "m").json(.v1_1_0).text == #"{"cniVersion":"1.1.0","code":5,"msg":"m"}"#)
        #expect(try CNIError(reader("{}")).code.rawValue == 0)
    }

    @Test func validAttachmentsAreASet() throws {
        let text = #"[{"containerID":"a","ifname":"eth0"},{"containerID":"a","ifname":"eth1"}]"#
        let expected: Set = [
            Attachment(containerID: "a", interface: "eth0"), Attachment(containerID: "a", interface: "eth1"),
        ]
        #expect(try Attachment.valid(in: reader(#"{"cni.dev/valid-attachments":\#(text)}"#)) == expected)
        #expect(try Attachment.valid(in: reader(#"{"cni.dev/attachments":\#(text)}"#)) == expected)
        #expect(
            try Attachment.valid(
                in: reader(#"{"cni.dev/attachments":\#(text),"cni.dev/valid-attachments":[]}"#)) == [])
        #expect(
            Attachment(containerID: "a", interface: "b").json.text == #"{"containerID":"a","ifname":"b"}"#)
    }

    @Test func aMissingListIsNotAnEmptyOne() throws {
        #expect(try Attachment.valid(in: reader("{}")) == nil)
        #expect(try Attachment.valid(in: reader(#"{"cni.dev/valid-attachments":null}"#)) == nil)
        #expect(try Attachment.valid(in: reader(#"{"cni.dev/valid-attachments":[]}"#)) == [])
        let error = failure {
            _ = try Attachment.valid(in: reader(#"{"cni.dev/valid-attachments":[{"containerID":"a"}]}"#))
        }
        #expect(error == #"["cni.dev/valid-attachments"][0].ifname: missing"#)
    }
}
