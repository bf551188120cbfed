import CNIPlugin
import CNISpec
import Foundation
import Testing

/// A folder of its own, removed with the value.
final class Folder {
    let path = NSTemporaryDirectory() + "cni-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The lines of the file `name`; none when it is missing.
    func lines(_ name: String) -> [String] {
        let text = (try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Makes the executable shell script `name`.
    func script(_ name: String, _ body: String) throws {
        try ("#!/bin/sh\n" + body).write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(path)/\(name)")
    }
}

@Suite struct CallTests {
    private let folder: Folder
    private var mark: String { #""mark":"\#(folder.path)/mark""# }

    init() throws { folder = try Folder() }

    @Test(arguments: ["ADD", "CHECK"]) func thePluginsOwnNamespaceIsRefusedBeforeAnythingIsDone(
        _ verb: String
    ) {
        let answer = call(verb, configuration(mark + #","prevResult":{}"#), home: true)
        #expect(answer.code == 1 && answer.output.contains(#""code":8,"msg":"plugin's netns and netns from"#))
        #expect(folder.lines("mark").isEmpty)
    }

    @Test func delInThePluginsOwnNamespaceTouchesOnlyWhatIsOutside() {
        let answer = call("DEL", configuration(mark), home: true)
        #expect(answer.code == 1 && answer.output.contains(#""code":8"#))
        #expect(folder.lines("mark") == ["DEL '' prev=- valid=- repairs=false"])
    }

    @Test(arguments: ["1", "TRUE", "true"]) func theRefusalCanBeOverridden(_ value: String) {
        #expect(call("ADD", configuration(mark), ["CNI_NETNS_OVERRIDE": value], home: true).code == 0)
        #expect(folder.lines("mark").count == 1)
    }

    @Test(arguments: ["0", "yes", ""]) func otherValuesDoNotOverride(_ value: String) {
        #expect(call("ADD", configuration(mark), ["CNI_NETNS_OVERRIDE": value], home: true).code == 1)
    }

    @Test func aPreviousResultIsHandedOver() {
        let previous = #","prevResult":{"interfaces":[{"name":"x"}]}"#
        for (verb, version) in [("CHECK", "0.4.0"), ("DEL", "0.4.0"), ("DEL", "0.3.1"), ("ADD", "0.3.0")] {
            #expect(call(verb, configuration(mark + previous, version: version)).code == 0)
        }
        let found = folder.lines("mark").map { $0.split(separator: " ").filter { $0.hasPrefix("prev=") } }
        #expect(found == [["prev=x"], ["prev=x"], ["prev=-"], ["prev=x"]])
    }

    @Test func delDoesWithoutABrokenPreviousResult() {
        #expect(call("DEL", configuration(mark + #","prevResult":{"ips":1}"#)).code == 0)
        #expect(folder.lines("mark").count == 1)
    }

    @Test func aResultThatCannotBeWrittenIsUndone() {
        let answer = call("ADD", configuration(mark + #","l2":true"#, version: "0.2.0"))
        #expect(answer.code == 1 && answer.output.contains("cannot convert: no valid IP addresses"))
        #expect(answer.output.contains(#""cniVersion":"0.2.0""#))
        #expect(folder.lines("mark").map { $0.prefix(3) } == ["ADD", "DEL"])
    }

    @Test func collectGarbageKnowsWhatIsValid() {
        let list =
            #""cni.dev/valid-attachments":[{"containerID":"b","ifname":"e"},{"containerID":"a","ifname":"e"}]"#
        #expect(call("GC", configuration("\(mark),\(list)")).code == 0)
        #expect(call("GC", configuration("\(mark),\"cni.dev/valid-attachments\":[]")).code == 0)
        #expect(call("GC", configuration(mark)).code == 0)
        // Only GC has a list.
        #expect(call("STATUS", configuration("\(mark),\(list)")).code == 0)
        let found = folder.lines("mark").map {
            $0.split(separator: "valid=").last?.split(separator: " rep").first ?? ""
        }
        #expect(found == [#"["a", "b"]"#, "[]", "-", "-"])
    }

    @Test func onlyCheckRepairs() {
        let repair = ["APUS_CNI_REPAIR": "1"]
        #expect(call("CHECK", configuration(mark + #","prevResult":{}"#), repair).code == 0)
        #expect(call("DEL", configuration(mark), repair).code == 0)
        #expect(folder.lines("mark").map { $0.hasSuffix("repairs=true") } == [true, false])
    }
}
