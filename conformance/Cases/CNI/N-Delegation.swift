import JSON
import Suite

extension Clause {
    fileprivate static let sameInput = sentence(
        "N1", .must,
        """
        The delegated plugin must receive all the same environment variables that were passed in to the CNI plugin. … \
        Delegated plugins are provided the complete network configuration passed to the "upper" plugin.
        """, "delegated-plugin-protocol")
    fileprivate static let same = sentence(
        "N1.same", .should,
        "When a plugin executes a delegated plugin, it should: … Execute that plugin with the same environment and configuration that it received.",
        procedure)
    fileprivate static let search = sentence(
        "N1.path", .should,
        "When a plugin executes a delegated plugin, it should: Look up the plugin binary by searching the directories provided in `CNI_PATH` environment variable.",
        procedure)
    fileprivate static let errors = sentence(
        "N2", .should,
        "When a plugin executes a delegated plugin, it should: … Ensure that the delegated plugin's stderr is output to the calling plugin's stderr.",
        procedure)
    fileprivate static let errorReturned = sentence(
        "N3", .should,
        "If any of the delegated plugins return error, error should be returned by the upper plugin.",
        procedure)
    fileprivate static let none = practice(
        "N4", "Without an address manager an interface plugin makes a link without addresses.",
        "https://github.com/containernetworking/plugins/blob/main/plugins/main/bridge/bridge.go")
    fileprivate static let empty = practice(
        "N5", "An address manager that gives no address is an error.",
        "https://github.com/containernetworking/plugins/blob/main/plugins/main/bridge/bridge.go")
    fileprivate static let missing = practice(
        "N7", "An address manager that is not in CNI_PATH is an error which names it.",
        "https://github.com/containernetworking/cni/blob/main/pkg/invoke/find.go")
    fileprivate static let fileName = sentence(
        "N7.slash", .must,
        """
        `type` (string): Refers to the filename of the IPAM plugin executable. Must not contain characters disallowed in \
        file paths for the system (e.g. / or \\\\).
        """, "plugin-configuration-objects")
    fileprivate static let own = practice(
        "N8", "A result is read by its own cniVersion, not by that of the configuration.",
        "https://github.com/containernetworking/cni/blob/main/pkg/invoke/exec.go")
    fileprivate static let descriptors = practice(
        "N9", "A delegated plugin inherits no descriptors beside the three standard ones.",
        "https://github.com/containernetworking/cni/blob/main/pkg/invoke/raw_exec.go")
}

private let procedure = "delegated-plugin-execution-procedure"

/// Cases for plugins that have others do a part of the work. CNI 1.1.0, section 4.
let delegationSection = Section<PluginBench>(
    "N delegation",
    [
        Case(
            "cni.N1.input", "the address manager gets the same environment and the whole configuration",
            .sameInput, .same, for: delegates
        ) { bench throws(Stop) in
            let delegate = try Delegate(result: bench.delegateResult())
            var call = bench.delegatedCall("ADD")
            call.variables["CNI_ARGS"] = "IgnoreUnknown=1;FOO=BAR"
            call.variables["SOMETHING"] = "else"
            call.set("unknownKey", .literal(#"{"a":[1,2,{"b":null}],"c":9007199254740993}"#))
            call.set("args", .literal(#"{"cni":{"labels":[]}}"#))
            try bench.result(of: bench.run(call))
            guard let received = try delegate.received().first(where: { $0.verb == "ADD" }) else {
                throw Stop.finding(expected: "a call of the address manager", seen: "none")
            }
            for word in bench.step(call).environment ?? [] where !word.hasPrefix("PATH=") {
                try require(
                    received.environment.contains(word), word,
                    seen: received.environment.joined(separator: "\n"))
            }
            guard case .object(let members) = call.configuration else { return }
            for member in members {
                let other = received.configuration.member(member.name)
                try require(
                    other == member.value, "\(member.name) as it was sent: \(member.value.text)",
                    seen: other?.text ?? "nothing")
            }
        },
        Case(
            "cni.N1.path", "the first folder of CNI_PATH which has the address manager counts", .search,
            for: delegates
        ) { bench throws(Stop) in
            let delegate = try Delegate(result: bench.delegateResult())
            let answer = try bench.run(bench.delegatedCall("ADD")) {
                $0.variables["CNI_PATH"] = "/nonexistent:\(bench.plugin.directory):\(Delegate.directory)"
            }
            try bench.result(of: answer)
            try require(
                delegate.received().map(\.verb).contains("ADD"), "a call of the address manager", seen: "none"
            )
        },
        Case(
            "cni.N2.errors", "what the address manager writes to standard error comes out", .errors,
            for: delegates
        ) { bench throws(Stop) in
            let delegate = try Delegate(result: bench.delegateResult())
            try delegate.answer("ADD", bench.delegateResult(), errors: "a word of the address manager\n")
            let answer = try bench.run(bench.delegatedCall("ADD"))
            try bench.result(of: answer)
            try require(
                answer.errors.contains("a word of the address manager"), "the word on standard error",
                seen: answer.text)
        },
        Case(
            "cni.N3.add", "the error of the address manager is the answer, code and text", .errorReturned,
            for: delegates
        ) { bench throws(Stop) in
            let delegate = try Delegate(result: "")
            try delegate.answer("ADD", #"{"cniVersion":"1.0.0","code":142,"msg":"the pool is dry"}"#, code: 1)
            try bench.expectError(bench.run(bench.delegatedCall("ADD")), naming: "the pool is dry", 142)
        },
        Case(
            "cni.N3.del", "an error of the address manager's DEL is an error", .errorReturned, for: delegates
        ) { bench throws(Stop) in
            let delegate = try Delegate(result: bench.delegateResult())
            let result = try bench.result(of: bench.run(bench.delegatedCall("ADD")))
            try delegate.answer("DEL", #"{"cniVersion":"1.0.0","code":143,"msg":"it is busy"}"#, code: 1)
            try bench.expectError(
                bench.run(bench.delegatedCall("DEL", after: result)), naming: "it is busy", 143)
            try delegate.answer("DEL", "")
            try bench.expectSilence(bench.run(bench.delegatedCall("DEL", after: result)))
        },
        Case(
            "cni.N3.garbage", "an address manager that fails without a word is an error", .errorReturned,
            for: delegates
        ) { bench throws(Stop) in
            let delegate = try Delegate(result: "")
            for (text, code) in [("", 1), ("not JSON", 1), ("not JSON", 0)] {
                try delegate.answer("ADD", text, code: code, errors: "something went wrong\n")
                try bench.expectError(bench.run(bench.delegatedCall("ADD")))
            }
        },
        Case(
            "cni.N4.none", "without an address manager there is a link without addresses", .none,
            for: { ["bridge", "macvlan", "dummy", "tap"].contains($0.type) }
        ) {
            bench throws(Stop) in
            for value in [JSONValue.object([]), nil] {
                let answer = try bench.run(bench.call("ADD")) {
                    $0.set("ipam", value)
                    $0.set("isGateway", nil)
                    $0.set("ipMasq", nil)
                }
                let result = try bench.result(of: answer)
                try require(bench.addresses(of: result).isEmpty, "no addresses", seen: result.text)
                try bench.expectSilence(bench.run(bench.call("DEL", after: result)) { $0.set("ipam", value) })
            }
        },
        Case("cni.N5.empty", "an address manager that gives no address is an error", .empty, for: delegates) {
            bench throws(Stop) in
            let version = bench.plugin.newestVersion
            let delegate = try Delegate(result: #"{"cniVersion":"\#(version)","ips":[],"dns":{}}"#)
            try bench.expectError(bench.run(bench.delegatedCall("ADD")))
            try require(
                delegate.received().last?.verb == "DEL", "DEL of the address manager afterwards",
                seen: delegate.received().map(\.verb).joined(separator: ", "))
        },
        Case(
            "cni.N7.missing", "an address manager that is not there is named in the error", .missing,
            for: delegates
        ) { bench throws(Stop) in
            let answer = try bench.run(bench.call("ADD")) {
                $0.set("ipam", .literal(#"{"type":"no-such-manager"}"#))
            }
            let object = try bench.expectError(answer)
            try require(
                object.text.contains("no-such-manager"), "an error that names no-such-manager",
                seen: answer.text)
        },
        Case(
            "cni.N7.slash", "an address manager whose type is a path is not executed", .fileName,
            for: delegates
        ) { bench throws(Stop) in
            let delegate = try Delegate(result: bench.delegateResult())
            for type in ["../bin/\(Delegate.type)", "\(Delegate.directory)/\(Delegate.type)"] {
                let answer = try bench.run(bench.delegatedCall("ADD")) {
                    $0.set("ipam", .object([.init("type", .string(type))]))
                }
                try bench.expectError(answer)
            }
            let verbs = try delegate.received().map(\.verb)
            try require(verbs.isEmpty, "no call of the address manager", seen: verbs.joined(separator: ", "))
        },
        Case("cni.N8.own", "a result is read by its own version", .own, for: delegates) {
            bench throws(Stop) in
            // Without a version it is the configuration's.
            let text = JSONValue.literal(bench.delegateResult()).setting("cniVersion", nil).text
            for result in [text, bench.delegateResult("0.4.0")] {
                _ = try Delegate(result: result)
                let answer = try bench.result(of: bench.run(bench.delegatedCall("ADD")))
                try require(
                    bench.addresses(of: answer) == ["10.77.0.9/24"], "10.77.0.9/24", seen: answer.text)
                try bench.expectSilence(bench.run(bench.delegatedCall("DEL", after: answer)))
            }
        },
        Case(
            "cni.N9.descriptors", "the address manager inherits no descriptors", .descriptors, for: delegates
        ) { bench throws(Stop) in
            let delegate = try Delegate(result: bench.delegateResult())
            try bench.result(of: bench.run(bench.delegatedCall("ADD")))
            let open = try delegate.received().flatMap(\.descriptors)
            try require(open.isEmpty, "no descriptors above 2", seen: open.joined(separator: ", "))
        },
    ])
