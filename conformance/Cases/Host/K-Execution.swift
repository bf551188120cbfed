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
        "The runtime must provide a JSON-serialized plugin configuration object (defined below) on standard in. It contains an additional key; `cni.dev/valid-attachments` (array of objects): The list of **still valid** attachments to this network",
        "gc-clean-up-any-stale-resources")
    fileprivate static let stops = sentence(
        "K6", .must,
        "If the plugin returns an error, halt execution and return the error to the caller.",
        "adding-an-attachment")
    fileprivate static let reverse = sentence(
        "K7", .must,
        "For every plugin defined in the `plugins` key of the network configuration, in reverse order",
        "deleting-an-attachment")
    // 1.0.0 and later only imply it.
    fileprivate static let forgets = Clause(
        "cni.K7.cache", .must,
        "If the runtime cached the `Result` of a previous `ADD` response for a given container, it must delete that cached response on a successful `DEL` for that container.",
        "https://github.com/containernetworking/cni/blob/spec-v0.4.0/SPEC.md#parameters")
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
    fileprivate static let silentFailure = practice(
        "C6",
        "A plugin that fails without an error object is reported with its exit status and what it wrote to standard error."
    )
    fileprivate static let errorText = practice(
        "C7", "A plugin's error is reported with its msg and its details.")
}

private let deriving = "deriving-request-configuration-from-plugin-configuration"

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
    ])
