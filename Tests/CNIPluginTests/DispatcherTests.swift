import CNIPlugin
import CNISpec
import Foundation
import Kernel
import Testing

/// Code and message of an error on standard output.
private func error(_ answer: Answer) throws -> String {
    #expect(answer.code == 1 && answer.notice.isEmpty)
    let object = try #require(
        try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any])
    let details = object["details"].map { "; \($0)" } ?? ""
    return "\(object["cniVersion"] ?? "-") \(object["code"] ?? "-") \(object["msg"] ?? "-")\(details)"
}

@Suite struct DispatcherTests {
    @Test func addAnswersTheResult() {
        let answer = call("ADD", configuration())
        #expect(
            answer.output == """
                {"cniVersion":"1.1.0","interfaces":[{"name":"eth0","mac":"02:42:0a:00:00:02","sandbox":"/n"}],\
                "ips":[{"interface":0,"address":"10.0.0.2/8"}]}
                """)
        #expect(answer.code == 0 && answer.notice.isEmpty)
    }

    @Test(arguments: ["DEL", "CHECK", "GC", "STATUS"]) func theOthersAnswerNothing(_ verb: String) {
        let answer = call(verb, configuration(#""prevResult":{"cniVersion":"1.1.0"}"#))
        #expect(answer.output.isEmpty && answer.notice.isEmpty && answer.code == 0)
    }

    @Test(arguments: ["add", "Add", " ADD", "INIT", "ADD\n"]) func otherVerbsAreUnknown(_ verb: String) throws
    {
        #expect(
            try error(call(verb, "")).hasPrefix("1.1.0 4 unknown CNI_COMMAND: \(verb); allowed: ADD, DEL"))
    }

    @Test(arguments: [
        ("ADD", "CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH"),
        ("CHECK", "CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH"),
        ("DEL", "CNI_CONTAINERID,CNI_IFNAME,CNI_PATH"), ("GC", "CNI_PATH"), ("STATUS", "CNI_PATH"),
    ])
    func missingVariablesAreNamedTogether(_ verb: String, _ names: String) throws {
        let none = ["CNI_CONTAINERID": "", "CNI_NETNS": "", "CNI_IFNAME": "", "CNI_PATH": ""]
        #expect(
            try error(call(verb, configuration(), none))
                == "1.1.0 4 required env variables [\(names)] missing")
    }

    @Test(arguments: ["ADD", "DEL", "CHECK"]) func namesAreChecked(_ verb: String) throws {
        let good = configuration(#""prevResult":{}"#)
        #expect(
            try error(call(verb, good, ["CNI_CONTAINERID": "a/b"]))
                == "1.1.0 4 invalid characters in containerID; a/b (CNI_CONTAINERID)")
        #expect(
            try error(call(verb, good, ["CNI_IFNAME": "a/b"]))
                == "1.1.0 4 interface name contains / or : or whitespace characters; a/b (CNI_IFNAME)")
        #expect(
            try error(call(verb, good, ["CNI_IFNAME": "1234567890123456"]))
                .hasPrefix("1.1.0 4 interface name is too long"))
        #expect(
            try error(call(verb, #"{"cniVersion":"1.1.0"}"#)).hasPrefix("1.1.0 7 missing network name"))
        #expect(
            try error(call(verb, #"{"cniVersion":"1.1.0","name":"a b"}"#))
                == "1.1.0 7 invalid characters found in network name; a b")
    }

    @Test(arguments: ["GC", "STATUS"]) func namesOfNobodyAreNotChecked(_ verb: String) {
        #expect(
            call(verb, configuration(), ["CNI_CONTAINERID": "a/b", "CNI_IFNAME": "", "CNI_NETNS": ""]).code
                == 0)
    }

    @Test(arguments: ["{", "", "[]", "null", #"{"cniVersion":1,"name":"n"}"#, #"{"name":1}"#, "{}x"])
    func whatIsNoConfigurationCannotBeDecoded(_ input: String) throws {
        #expect(try error(call("ADD", input)).hasPrefix("1.1.0 6 network configuration: "))
    }

    @Test(arguments: [
        (#""fail":1"#, "6 network configuration: fail: expected string, found integer"),
        (#""runtimeConfig":[]"#, "6 network configuration: runtimeConfig: expected object, found array"),
        (#""args":{"cni":1}"#, "6 network configuration: args.cni: expected object, found integer"),
        (#""prevResult":{"ips":[{}]}"#, "7 network configuration: prevResult.ips[0].address: missing"),
    ])
    func wrongValuesAreNamedWithTheirPlace(_ members: String, _ reason: String) throws {
        #expect(try error(call("ADD", configuration(members))) == "1.1.0 \(reason)")
    }

    @Test(arguments: ["9.9.9", "1.1.1", "1.1", "v1.0.0"]) func onlyListedVersionsAreTaken(_ version: String)
        throws
    {
        #expect(
            try error(call("ADD", configuration(version: version))) == """
                1.1.0 1 incompatible CNI versions; config is "\(version)", plugin supports \
                ["0.1.0" "0.2.0" "0.3.0" "0.3.1" "0.4.0" "1.0.0" "1.1.0"]
                """)
    }

    @Test(arguments: [
        (#"{"name":"n"}"#), (#"{"name":"n","cniVersion":""}"#), (#"{"name":"n","cniVersion":null}"#),
    ])
    func noVersionIsTheOldest(_ input: String) {
        #expect(
            call("ADD", input).output == #"{"cniVersion":"0.1.0","ip4":{"ip":"10.0.0.2/8"},"dns":{}}"#)
    }

    @Test(arguments: [
        ("CHECK", "0.3.1"), ("CHECK", "0.1.0"), ("GC", "1.0.0"), ("STATUS", "1.0.0"), ("STATUS", "0.4.0"),
    ])
    func aVerbNeedsItsVersion(_ verb: String, _ version: String) throws {
        #expect(
            try error(call(verb, configuration(version: version)))
                .hasPrefix("\(version) 1 config version does not allow \(verb)"))
    }

    @Test func keysMatchInAnyCase() {
        let text =
            #"{"CNIVersion":"0.3.1","NAME":"n","Name":"m","PrevResult":{"ips":[{"address":"10.9.0.2/8"}]}}"#
        #expect(
            call("ADD", text).output
                == #"{"cniVersion":"0.3.1","ips":[{"version":"4","address":"10.9.0.2/8"}],"dns":{}}"#)
    }

    @Test func aPluginsErrorIsAnsweredInTheCallersVersion() throws {
        #expect(
            try error(call("ADD", configuration(#""fail":"ADD""#, version: "0.4.0")))
                == "0.4.0 123 told to fail; d")
    }

    @Test func checkNeedsAPreviousResult() throws {
        #expect(try error(call("CHECK", configuration())) == "1.1.0 7 Required prevResult missing")
    }
}

@Suite struct VersionTests {
    private let all = #""supportedVersions":["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}"#

    @Test(arguments: [
        (#"{"cniVersion":"0.4.0"}"#, "0.4.0"), (#"{"cniVersion":"9.9.9"}"#, "9.9.9"), ("", "1.1.0"),
        ("{", "1.1.0"), ("[]", "1.1.0"), (#"{"cniVersion":1}"#, "1.1.0"),
    ])
    func theVersionOnStandardInputIsRepeated(_ input: String, _ version: String) {
        let none = ["CNI_CONTAINERID": "", "CNI_NETNS": "", "CNI_IFNAME": "", "CNI_PATH": ""]
        let answer = call("VERSION", input, none)
        #expect(answer.output == #"{"cniVersion":"\#(version)","# + all && answer.code == 0)
    }

    @Test func withoutAnOperationThePluginSaysWhatItIs() {
        let answer = call("", "")
        #expect(answer.output.isEmpty && answer.code == 0)
        #expect(
            answer.notice == """
                CNI echo plugin v\(pluginVersion)
                CNI protocol versions supported: 0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0

                """)
    }

    @Test func aPersonIsToldMore() {
        let answer = Dispatcher(
            Echo.self, Surroundings(environment: [:], input: { [] }, isWatched: true)
        ).run()
        #expect(
            answer.notice.contains("Answers what it is told.")
                && answer.notice.contains("CNI_COMMAND=ADD echo"))
    }
}
