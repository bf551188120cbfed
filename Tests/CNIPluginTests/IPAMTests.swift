import CNIPlugin
import CNISpec
import Foundation
import JSON
import Kernel
import Testing

/// A plugin which does nothing but ask its address manager.
private enum Asker: Plugin {
    struct Configuration: Sendable {}
    static let name = "asker"
    static let help = ""
    static let supportedVersions = CNIVersion.allCases
    static func decode(_ reader: JSONReader) throws(JSONError) -> Configuration { Configuration() }
    static func add(_ request: Request<Configuration>) throws(CNIError) -> CNIResult {
        try request.ipamDelegate()?.add() ?? CNIResult()
    }
    static func delete(_ request: Request<Configuration>) throws(CNIError) {
        try request.ipamDelegate()?.delete()
    }
    static func check(_ request: Request<Configuration>) throws(CNIError) {
        try request.ipamDelegate()?.check()
    }
    static func collectGarbage(_ request: Request<Configuration>) throws(CNIError) {
        try request.ipamDelegate()?.collectGarbage()
    }
    static func status(_ request: Request<Configuration>) throws(CNIError) {
        try request.ipamDelegate()?.status()
    }
}

/// A plugin which starts its address manager and then fails.
private enum Quitter: Plugin {
    typealias Configuration = Asker.Configuration
    static let name = "quitter"
    static let help = ""
    static let supportedVersions = CNIVersion.allCases
    static func decode(_ reader: JSONReader) throws(JSONError) -> Configuration { Configuration() }
    static func add(_ request: Request<Configuration>) throws(CNIError) -> CNIResult {
        _ = try request.ipamDelegate()?.start(.add)
        throw CNIError(.tryAgainLater, "no link")
    }
    static func delete(_ request: Request<Configuration>) throws(CNIError) {}
    static func check(_ request: Request<Configuration>) throws(CNIError) {}
    static func collectGarbage(_ request: Request<Configuration>) throws(CNIError) {}
    static func status(_ request: Request<Configuration>) throws(CNIError) {}
}

@Suite struct IPAMTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func call(
        _ verb: String, _ input: String, path: String? = nil, of plugin: any Plugin.Type = Asker.self
    ) -> Answer {
        let environment: Environment = [
            "CNI_COMMAND": verb, "CNI_CONTAINERID": "c", "CNI_NETNS": "/n", "CNI_IFNAME": "eth0",
            "CNI_PATH": path ?? "/nonexistent:\(folder.path)", "PATH": "/usr/bin:/bin", "OTHER": "kept",
        ]
        return answer(
            plugin,
            Surroundings(environment: environment, input: { () throws(SystemError) in Array(input.utf8) }))
    }

    private func answer<P: Plugin>(_ plugin: P.Type, _ surroundings: Surroundings) -> Answer {
        Dispatcher(plugin, surroundings).run()
    }

    private func configuration(_ ipam: String, version: String = "1.1.0") -> String {
        #"{"cniVersion":"\#(version)","name":"n","ipam":\#(ipam),"prevResult":{},"big":9007199254740993}"#
    }

    /// An address manager that notes its calls and answers `output`.
    private func manager(_ output: String, status: Int = 0) throws {
        try folder.script(
            "am",
            """
            echo "$CNI_COMMAND $CNI_CONTAINERID $CNI_NETNS $CNI_IFNAME $OTHER" >>'\(folder.path)/calls'
            cat >'\(folder.path)/input'
            [ "$CNI_COMMAND" = ADD ] || exit 0
            cat <<'END'
            \(output)
            END
            exit \(status)
            """)
    }

    @Test func theManagerGetsTheWholeCall() throws {
        try manager(#"{"cniVersion":"0.4.0","ips":[{"version":"4","address":"10.0.0.5/24"}]}"#)
        let text = configuration(#"{"type":"am"}"#)
        let answer = call("ADD", text)
        #expect(answer.output == #"{"cniVersion":"1.1.0","ips":[{"address":"10.0.0.5/24"}]}"#)
        #expect(folder.lines("calls") == ["ADD c /n eth0 kept"])
        #expect(folder.lines("input") == [text])
    }

    /// Longer than a pipe, so it goes out piece by piece.
    @Test func aLongConfigurationArrivesWhole() throws {
        try manager(#"{"cniVersion":"1.1.0","ips":[{"address":"10.0.0.5/24"}]}"#)
        let text = configuration(#"{"type":"am","padding":"\#(String(repeating: "x", count: 300_000))"}"#)
        #expect(call("ADD", text).code == 0)
        #expect(folder.lines("input") == [text])
    }

    @Test func whoHasNotReadTheConfigurationIsBelievedAllTheSame() throws {
        swallowSignal(Signal.pipe)
        try folder.script("am", #"exec <&-; echo '{"ips":[{"address":"10.0.0.5/24"}]}'"#)
        let text = configuration(#"{"type":"am","padding":"\#(String(repeating: "x", count: 300_000))"}"#)
        #expect(call("ADD", text).output.contains("10.0.0.5/24"))
    }

    @Test func aManagerWhichIsNeverAskedKnowsNothing() throws {
        try manager(#"{"cniVersion":"1.1.0","ips":[{"address":"10.0.0.5/24"}]}"#)
        #expect(call("ADD", configuration(#"{"type":"am"}"#), of: Quitter.self).output.contains("no link"))
        #expect(folder.lines("input").joined().isEmpty)
    }

    @Test(arguments: ["DEL", "CHECK", "GC", "STATUS"]) func everyVerbIsForwarded(_ verb: String) throws {
        try manager("")
        #expect(call(verb, configuration(#"{"type":"am"}"#)).code == 0)
        #expect(folder.lines("calls").map { $0.prefix { $0 != " " } } == [verb[...]])
    }

    @Test(arguments: ["{}", #"{"type":""}"#, "null"]) func withoutATypeNobodyIsAsked(_ ipam: String) {
        #expect(call("ADD", configuration(ipam)).output == #"{"cniVersion":"1.1.0"}"#)
    }

    @Test func aFailedAddIsFollowedByDelAndItsErrorKept() throws {
        try manager(#"{"code":11,"msg":"full","details":"come back"}"#, status: 1)
        let answer = call("ADD", configuration(#"{"type":"am"}"#))
        #expect(answer.output == #"{"cniVersion":"1.1.0","code":11,"msg":"full","details":"come back"}"#)
        #expect(folder.lines("calls").map { $0.prefix(3) } == ["ADD", "DEL"])
    }

    @Test(arguments: [
        (#"{"cniVersion":"1.1.0"}"#, "IPAM plugin returned missing IP config"), ("no json", "malformed JSON"),
    ])
    func anAnswerWithoutAnAddressIsGivenBack(_ output: String, _ reason: String) throws {
        try manager(output)
        #expect(call("ADD", configuration(#"{"type":"am"}"#)).output.contains(reason))
        #expect(folder.lines("calls").map { $0.prefix(3) } == ["ADD", "DEL"])
    }

    @Test func aManagerThatEndsWithoutAWordIsNamed() throws {
        try folder.script("am", "exit 3")
        #expect(
            call("DEL", configuration(#"{"type":"am"}"#)).output
                .contains("netplugin failed with no error message: exit status 3"))
        try folder.script("am", "echo oops; exit 3")
        #expect(
            call("DEL", configuration(#"{"type":"am"}"#)).output.contains(
                #"parsing its diagnostic message \"oops\\n\""#))
        try folder.script("am", "kill -9 $$")
        #expect(call("DEL", configuration(#"{"type":"am"}"#)).output.contains("signal 9"))
    }

    @Test func aMissingManagerIsNamedWithThePath() {
        #expect(
            call("ADD", configuration(#"{"type":"host-local"}"#), path: "/nonexistent").output
                .contains(#"failed to find plugin \"host-local\" in path [/nonexistent]"#))
        #expect(
            call("ADD", configuration(#"{"type":"../am"}"#)).output.contains("invalid plugin name: ../am"))
    }
}
