import JSON
import Suite

extension Clause {
    fileprivate static let inserted = sentence(
        "K1", .must,
        """
        The following fields must be inserted into the request configuration by the runtime: `cniVersion`: the protocol \
        version selected by the runtime [...] `name`: taken from the `name` field of the network configuration
        """, deriving)
    fileprivate static let previous = sentence(
        "K2", .must,
        """
        If this is the first plugin in the list, no previous result is provided. For all additional plugins, the previous \
        result is the result of the previous plugins.
        """, "adding-an-attachment")
    fileprivate static let previousOfDelete = sentence(
        "K2.final", .must, "The previous result provided is always the final result of the add operation.",
        "deleting-an-attachment")
    fileprivate static let capabilities = sentence(
        "K3", .must,
        "`runtimeConfig`: A JSON object, consisting of the union of capabilities provided by the plugin and requested by the runtime",
        deriving)
    fileprivate static let removed = sentence(
        "K4", .must, "The following fields must be removed by the runtime: `capabilities`", deriving)
    fileprivate static let valid = sentence(
        "K5", .must,
        "`cni.dev/valid-attachments`: The list of attachments which are still valid must be inserted for GC.",
        "gc-clean-up-any-stale-resources")
    fileprivate static let stops = sentence(
        "K6", .must,
        "If the plugin returns an error, halt execution and return the error to the caller.",
        "adding-an-attachment")
    fileprivate static let reverse = sentence(
        "K7", .must,
        "For every plugin defined in the `plugins` key of the network configuration, in reverse order",
        "deleting-an-attachment")
    fileprivate static let forgets = sentence(
        "K7.cache", .must,
        "If the runtime cached the `Result` of a previous `ADD` response for a given container, it must delete that cached response on a successful `DEL` for that container.",
        "deleting-an-attachment")
    fileprivate static let checkOrder = sentence(
        "K8", .must,
        "For every plugin defined in the `plugins` key of the network configuration, [...] Execute the plugin binary, with `CNI_COMMAND=CHECK`.",
        "checking-an-attachment")
    fileprivate static let collects = sentence(
        "K9", .must,
        "If `disableGC` is `true`, runtimes must not call `GC` for this network configuration list.",
        "configuration-format")
    fileprivate static let statusOrder = sentence(
        "K10", .must,
        "Execute the plugin binary, with `CNI_COMMAND=STATUS`. [...] If the plugin returns an error, halt execution and return the error to the caller.",
        "status-check-plugin-status")
    fileprivate static let environment = sentence(
        "K11", .must,
        """
        During execution, always set as the `CNI_CONTAINERID` parameter. [...] `CNI_NETNS` [...] `CNI_IFNAME` [...] \
        `CNI_ARGS`. This must also be provided to plugins during execution via the `CNI_PATH` environment variable.
        """, "attachment-parameters")
    fileprivate static let errors = practice(
        "K12", "What a plugin writes to standard error reaches the host's user.")
    fileprivate static let sameParameters = sentence(
        "K15", .must,
        "The runtime must use the same attachment parameters as it did for the add operation.",
        "checking-an-attachment")
    fileprivate static let deleteAfterFailure = sentence(
        "K16", .must, "A delete must still be executed even if the add fails.", "lifecycle--ordering")
    fileprivate static let namespace = sentence(
        "K17", .must,
        "The container runtime must create a new network namespace for the container before invoking any plugins.",
        "lifecycle--ordering")
    fileprivate static let lifecycle = sentence(
        "K18", .must, "delete may be followed by additional deletes.", "lifecycle--ordering")
    fileprivate static let silentFailure = practice(
        "C6",
        "A plugin that fails without an error object is reported with its exit status and what it wrote to standard error."
    )
    fileprivate static let errorText = practice(
        "C7", "A plugin's error is reported with its msg and its details.")
    fileprivate static let unversioned = practice(
        "I10", "A result without a cniVersion has the one of the configuration.")
    fileprivate static let askedVersions = practice(
        "D5", "VERSION is asked with CNI_COMMAND=VERSION and a cniVersion.")
}

private let deriving = "deriving-request-configuration-from-plugin-configuration"
private let three = ["rec-one", "rec-two", "rec-three"]
private func words(_ verb: String, _ types: [String]) -> [String] { types.map { "\(verb) \($0)" } }

/// Cases for running a chain. CNI 1.1.0, section 3.
let executionSection = Section<HostBench>(
    "K execution",
    [
        Case("cni.K1.inserted", "each plugin gets the name and the version of the list", .inserted) {
            bench throws(Stop) in
            for version in ["0.3.1", "0.4.0", "1.0.0"] {
                try bench.prepare(version)
                let calls = try bench.calls { () throws(Stop) in
                    try bench.succeed("add")
                    try bench.succeed("del")
                }
                for call in calls {
                    try require(
                        call.member("name") == .string("net"), "name net for \(call.word)", seen: call.text)
                    try require(
                        call.member("cniVersion") == .string(version),
                        "cniVersion \(version) for \(call.word)", seen: call.text)
                    try require(
                        call.member("type") == .string(call.type), "type \(call.type)", seen: call.text)
                }
            }
        },
        Case("cni.K2.add", "ADD hands each plugin the result of the one before it", .previous) {
            bench throws(Stop) in
            try bench.prepare("1.0.0")
            let calls = try bench.calls { () throws(Stop) in try bench.succeed("add") }
            try bench.expect(words("ADD", three), calls)
            try require(calls[0].previous == nil, "no prevResult for the first plugin", seen: calls[0].text)
            for index in [1, 2] { try bench.expectResult(index - 1, "1.0.0", calls[index]) }
        },
        Case("cni.K2.final", "DEL hands all plugins the final result", .previousOfDelete) {
            bench throws(Stop) in
            for version in ["0.4.0", "1.0.0"] {
                try bench.prepare(version)
                try bench.succeed("add")
                for call in try bench.calls({ () throws(Stop) in try bench.succeed("del") }) {
                    try bench.expectResult(2, version, call)
                }
            }
        },
        Case("cni.K2.check", "CHECK hands all plugins the final result", .previousOfDelete) {
            bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.succeed("add")
            let calls = try bench.calls { () throws(Stop) in try bench.succeed("check") }
            try bench.expect(words("CHECK", three), calls)
            for call in calls { try bench.expectResult(2, "1.0.0", call) }
        },
        Case("cni.K2.old", "before 0.4.0 DEL has no prevResult", .previousOfDelete) { bench throws(Stop) in
            try bench.prepare("0.3.1")
            try bench.succeed("add")
            for call in try bench.calls({ () throws(Stop) in try bench.succeed("del") }) {
                try require(call.previous == nil, "no prevResult for \(call.word)", seen: call.text)
            }
        },
        Case(
            "cni.K3.capabilities", "runtimeConfig has what the plugin declares and the host has",
            .capabilities
        ) { bench throws(Stop) in
            let ports =
                #"{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}],"mac":"02:00:00:00:00:99"}"#
            try bench.prepare(
                "1.0.0",
                plugins: [
                    #""capabilities":{"portMappings":true}"#,
                    #""capabilities":{"portMappings":false,"mac":true,"ips":true}"#,
                ])
            let calls = try bench.calls { () throws(Stop) in
                try bench.succeed("add", "net", ["CAP_ARGS": ports])
            }
            try bench.expect(words("ADD", three), calls)
            if calls[0].member("runtimeConfig") == nil {
                throw Stop.skip("the host takes no capability arguments from CAP_ARGS")
            }
            let all = JSONValue.literal(ports)
            let expected: [JSONValue?] = [
                .object([.init("portMappings", all.member("portMappings") ?? .null)]),
                .object([.init("mac", all.member("mac") ?? .null)]), nil,
            ]
            for (call, value) in zip(calls, expected) {
                let seen = call.member("runtimeConfig")
                try require(
                    seen == value, "runtimeConfig \(value?.text ?? "absent") for \(call.type)",
                    seen: seen?.text ?? "absent")
            }
        },
        Case("cni.K4.removed", "capabilities is not in the request", .removed) { bench throws(Stop) in
            try bench.prepare("1.0.0", plugins: [#""capabilities":{"portMappings":true}"#])
            for call in try bench.calls({ () throws(Stop) in try bench.succeed("add") }) {
                try require(
                    call.member("capabilities") == nil, "no capabilities for \(call.word)", seen: call.text)
            }
        },
        Case("cni.K5.valid", "GC has the list of valid attachments", .valid) { bench throws(Stop) in
            try bench.prepare("1.1.0")
            try bench.succeed("add")
            let calls = try bench.calls { () throws(Stop) in try bench.succeed("gc") }.filter {
                $0.verb == "GC"
            }
            if calls.isEmpty { throw Stop.finding(expected: "GC of the plugins", seen: "no call") }
            for call in calls {
                guard case .array? = call.member("cni.dev/valid-attachments") else {
                    throw Stop.finding(expected: "cni.dev/valid-attachments, a list", seen: call.text)
                }
            }
        },
        Case("cni.K6.stops", "ADD stops at the first error, and the caller gets it", .stops, .errorText) {
            bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.plugins.answer(
                "rec-two", "ADD",
                #"{"cniVersion":"1.0.0","code":111,"msg":"the cable is out","details":"port seven"}"#, code: 1
            )
            var answer = Answer(status: nil, output: "", errors: "")
            let calls = try bench.calls { () throws(Stop) in answer = try bench.fail("add") }
            try bench.expect(["ADD rec-one", "ADD rec-two"], calls.filter { $0.verb == "ADD" })
            let text = answer.output + answer.errors
            try require(
                text.contains("the cable is out") && text.contains("port seven"),
                "msg and details of the plugin's error", seen: answer.text)
        },
        Case(
            "cni.C6.silent",
            "a plugin that fails without a word is reported with what it wrote to standard error",
            .silentFailure
        ) { bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.plugins.answer("rec-one", "ADD", "", code: 7, errors: "a panic in line nine\n")
            let answer = try bench.fail("add")
            try require(
                (answer.output + answer.errors).contains("a panic in line nine"),
                "the plugin's standard error", seen: answer.text)
        },
        Case(
            "cni.C6.garbage", "a plugin that succeeds with something else than a result is an error",
            .silentFailure
        ) { bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.plugins.answer("rec-one", "ADD", "Segmentation fault")
            try bench.fail("add")
        },
        Case("cni.K7.reverse", "DEL goes through the chain in reverse", .reverse) { bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.succeed("add")
            try bench.expect(
                words("DEL", three.reversed()), bench.calls { () throws(Stop) in try bench.succeed("del") })
        },
        Case(
            "cni.K7.stops", "DEL stops at the first error, and goes through all of them the next time",
            .reverse
        ) { bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.succeed("add")
            try bench.plugins.answer(
                "rec-two", "DEL", #"{"cniVersion":"1.0.0","code":112,"msg":"it is stuck"}"#, code: 1)
            let calls = try bench.calls { () throws(Stop) in try bench.fail("del") }
            try bench.expect(["DEL rec-three", "DEL rec-two"], calls)
            try bench.plugins.answer("rec-two", "DEL", "")
            let again = try bench.calls { () throws(Stop) in try bench.succeed("del") }
            try bench.expect(words("DEL", three.reversed()), again)
            for call in again { try bench.expectResult(2, "1.0.0", call) }
        },
        Case("cni.K7.forgets", "after DEL the result is forgotten", .forgets) { bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.succeed("add")
            try bench.succeed("del")
            for call in try bench.calls({ () throws(Stop) in try bench.call("del") }) {
                try require(call.previous == nil, "no prevResult for \(call.word)", seen: call.text)
            }
        },
        Case("cni.K8.stops", "CHECK stops at the first error, and the caller gets it", .checkOrder) {
            bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.succeed("add")
            try bench.plugins.answer(
                "rec-two", "CHECK", #"{"cniVersion":"1.0.0","code":113,"msg":"the route is gone"}"#, code: 1)
            var answer = Answer(status: nil, output: "", errors: "")
            let calls = try bench.calls { () throws(Stop) in answer = try bench.fail("check") }
            try bench.expect(["CHECK rec-one", "CHECK rec-two"], calls)
            try require(
                (answer.output + answer.errors).contains("the route is gone"), "the plugin's error",
                seen: answer.text)
        },
        Case("cni.K8.old", "before 0.4.0 no plugin gets CHECK", .checkOrder) { bench throws(Stop) in
            try bench.prepare("0.3.1")
            try bench.succeed("add")
            try bench.expect([], bench.calls { () throws(Stop) in try bench.call("check") })
        },
        Case("cni.K9.disabled", "with disableGC no plugin gets GC", .collects) { bench throws(Stop) in
            try bench.prepare("1.1.0", list: #""disableGC":true"#)
            try bench.expect([], bench.calls { () throws(Stop) in try bench.succeed("gc") })
        },
        Case("cni.K9.goes-on", "GC goes on after an error, and reports it", .collects) { bench throws(Stop) in
            try bench.prepare("1.1.0")
            try bench.plugins.answer(
                "rec-one", "GC", #"{"cniVersion":"1.1.0","code":114,"msg":"half is left"}"#, code: 1)
            let calls = try bench.calls { () throws(Stop) in try bench.fail("gc") }
            try bench.expect(words("GC", three), calls)
        },
        Case("cni.K10.order", "STATUS goes through the chain and stops at the first error", .statusOrder) {
            bench throws(Stop) in
            try bench.prepare("1.1.0")
            try bench.expect(
                words("STATUS", three), bench.calls { () throws(Stop) in try bench.succeed("status") })
            try bench.plugins.answer(
                "rec-two", "STATUS", #"{"cniVersion":"1.1.0","code":50,"msg":"no daemon"}"#, code: 1)
            try bench.expect(
                words("STATUS", ["rec-one", "rec-two"]),
                bench.calls { () throws(Stop) in try bench.fail("status") })
        },
        Case("cni.K11.environment", "every variable is there, and the same for the whole chain", .environment)
        { bench throws(Stop) in
            try bench.prepare("1.0.0")
            let calls = try bench.calls { () throws(Stop) in
                try bench.succeed(
                    "add", "net", ["CNI_ARGS": "IgnoreUnknown=1;FOO=BAR", "TRACEPARENT": "00-1-2-01"])
                try bench.succeed("del", "net", ["CNI_ARGS": "IgnoreUnknown=1;FOO=BAR"])
            }
            for name in ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_PATH"] {
                let values = Set(calls.map { $0.environment[name] ?? "" })
                try require(
                    values.count == 1 && !values.contains(""), "one \(name) for all calls",
                    seen: values.joined(separator: ", "))
            }
            let path = calls.first?.environment["CNI_PATH"] ?? ""
            try require(
                path.split(separator: ":").contains(Substring(RecordingPlugins.directory)),
                "the plugins' folder in CNI_PATH", seen: path)
        },
        Case("cni.K11.args", "CNI_ARGS reach the plugins", .environment) { bench throws(Stop) in
            try bench.prepare("1.0.0")
            let calls = try bench.calls { () throws(Stop) in
                try bench.succeed("add", "net", ["CNI_ARGS": "IgnoreUnknown=1;FOO=BAR"])
            }
            if bench.host.front != .cnitool {
                throw Stop.skip("the front end of \(bench.host.front.rawValue) has no word for CNI_ARGS")
            }
            for call in calls {
                let args = call.environment["CNI_ARGS"] ?? ""
                try require(args.contains("FOO=BAR"), "FOO=BAR in CNI_ARGS of \(call.word)", seen: args)
            }
        },
        Case("cni.K12.errors", "what a plugin writes to standard error is seen", .errors) {
            bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.plugins.answer(
                "rec-one", "ADD", HostBench.result(0, "1.0.0"), errors: "a warning of the plugin\n")
            let answer = try bench.succeed("add")
            try require(
                answer.errors.contains("a warning of the plugin"), "the warning on standard error",
                seen: answer.text)
        },
        Case("cni.K15.same", "CHECK has the parameters of ADD", .sameParameters) { bench throws(Stop) in
            try bench.prepare("1.0.0", plugins: [#""capabilities":{"mac":true}"#])
            let given = ["CAP_ARGS": #"{"mac":"02:00:00:00:00:99"}"#, "CNI_ARGS": "IgnoreUnknown=1;FOO=BAR"]
            let added = try bench.calls { () throws(Stop) in try bench.succeed("add", "net", given) }
            let checked = try bench.calls { () throws(Stop) in try bench.succeed("check") }
            for (one, other) in zip(added, checked) {
                for name in ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_ARGS"] {
                    try require(
                        one.environment[name] == other.environment[name],
                        "\(name)=\(one.environment[name] ?? "")", seen: other.environment[name] ?? "absent")
                }
                let (before, after) = (one.member("runtimeConfig"), other.member("runtimeConfig"))
                try require(
                    before == after, "runtimeConfig \(before?.text ?? "absent")",
                    seen: after?.text ?? "absent")
            }
        },
        Case("cni.K16.rolls-back", "after an ADD that failed every plugin gets DEL", .deleteAfterFailure) {
            bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.plugins.answer(
                "rec-three", "ADD", #"{"cniVersion":"1.0.0","code":111,"msg":"no"}"#, code: 1)
            let calls = try bench.calls { () throws(Stop) in
                try bench.fail("add")
                try bench.call("del")
            }
            let deleted = calls.filter { $0.verb == "DEL" }.map(\.type)
            try require(
                Set(deleted) == Set(three)
                    && deleted.firstIndex(of: "rec-two") ?? 9 < deleted.firstIndex(of: "rec-one") ?? 0,
                "DEL of all three, the last one first", seen: calls.map(\.word).joined(separator: ", "))
        },
        Case("cni.K17.namespace", "the namespace is there when ADD comes", .namespace) { bench throws(Stop) in
            try bench.prepare("1.0.0")
            for call in try bench.calls({ () throws(Stop) in try bench.succeed("add") }) {
                try require(
                    call.hadNamespace, "\(call.environment["CNI_NETNS"] ?? "CNI_NETNS") to exist",
                    seen: "it does not")
            }
        },
        Case("cni.K18.again", "a DEL of what was never added is passed on, and a second one, too", .lifecycle)
        { bench throws(Stop) in
            try bench.prepare("1.0.0")
            if bench.host.front != .cnitool {
                throw Stop.skip("\(bench.host.front.rawValue) removes only containers it knows")
            }
            for _ in 0..<2 {
                try bench.expect(
                    words("DEL", three.reversed()),
                    bench.calls { () throws(Stop) in try bench.succeed("del") })
            }
        },
        Case("cni.I10.version", "a result without cniVersion is taken", .unversioned) { bench throws(Stop) in
            try bench.prepare("1.0.0")
            let text = HostBench.result(0, "1.0.0")
            try bench.plugins.answer("rec-one", "ADD", "{" + text.drop { $0 != "," }.dropFirst())
            let calls = try bench.calls { () throws(Stop) in try bench.succeed("add") }
            try bench.expect(words("ADD", three), calls)
            try bench.expectResult(0, "1.0.0", calls[1])
        },
        Case("cni.D5.version", "VERSION is asked like a plugin expects it", .askedVersions) {
            bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.succeed("add")
            let asked = try bench.plugins.everything().filter { $0.verb == "VERSION" }
            if asked.isEmpty { throw Stop.skip("the host did not ask for versions") }
            for call in asked {
                guard case .string? = call.member("cniVersion") else {
                    throw Stop.finding(expected: "a cniVersion on standard input", seen: call.text)
                }
            }
        },
    ])

extension HostBench {
    /// The list and the plugins' answers in `version`.
    func prepare(_ version: String, list: String = "", plugins: [String] = []) throws(Stop) {
        try write(version: version, list: list, plugins: plugins)
        for (number, type) in Self.chain.enumerated() {
            try self.plugins.answer(type, "ADD", Self.result(number, version))
        }
    }

    /// The prevResult of `call` is what plugin number `index` answered; members that are empty may be left out.
    func expectResult(_ index: Int, _ version: String, _ call: Recording) throws(Stop) {
        let wanted = JSONValue.literal(Self.result(index, version))
        let seen = call.previous ?? .null
        for name in ["cniVersion", "interfaces", "ips", "routes"] {
            try require(
                seen.member(name)?.sorted == wanted.member(name)?.sorted,
                "prevResult with \(name) \(wanted.member(name)?.text ?? "")",
                seen: "\(call.word): \(seen.text)")
        }
    }
}
