import JSON
import Suite

extension Clause {
    fileprivate static let inserted = sentence(
        "K1", .must,
        """
        The following fields are always to be inserted into the request configuration by the runtime: `cniVersion`: the \
        protocol version selected by the runtime … `name`: taken from the `name` field of the network configuration
        """, deriving)
    fileprivate static let transformed = sentence(
        "K1.transformed", .must,
        """
        The network configuration format (which is a list of plugin configurations to execute) must be transformed to a \
        format understood by the plugin (which is a single plugin configuration).
        """, deriving)
    fileprivate static let previous = sentence(
        "K2", .must,
        """
        If this is the first plugin in the list, no previous result is provided, For all additional plugins, the previous \
        result is the result of the previous plugins.
        """, "adding-an-attachment")
    fileprivate static let previousOfDelete = sentence(
        "K2.final", .must, "The previous result provided is always the final result of the add operation.",
        "deleting-an-attachment")
    static let previousInserted = sentence(
        "K2.inserted", .must,
        """
        `prevResult`: the runtime must insert consisting of the result type returned by the "previous" plugin. … This \
        field must not be set for the first add in a chain.
        """, deriving)
    fileprivate static let capabilities = sentence(
        "K3", .must,
        "`runtimeConfig`: the runtime must insert an object consisting of the union of capabilities provided by the plugin and requested by the runtime (more details below).",
        deriving)
    fileprivate static let provided = sentence(
        "K3.provided", .should,
        """
        Specifically, any capability supported by the plugin configuration and provided by the runtime should be \
        inserted in the `runtimeConfig`.
        """, "deriving-runtimeconfig")
    fileprivate static let removed = sentence(
        "K4", .must,
        """
        For attachment-specific operations (ADD, DEL, CHECK), additional field requirements apply: … `capabilities`: \
        must not be set
        """, deriving)
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
        Case(
            "cni.K1.inserted", "each plugin gets the name and the version of the list", .inserted,
            .transformed
        ) { bench throws(Stop) in
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
                    try require(
                        call.member("plugins") == nil, "one plugin's configuration for \(call.word)",
                        seen: call.text)
                }
            }
        },
        Case(
            "cni.K2.add", "ADD hands each plugin the result of the one before it", .previous,
            .previousInserted
        ) { bench throws(Stop) in
            try bench.prepare("1.0.0")
            let calls = try bench.calls { () throws(Stop) in try bench.succeed("add") }
            try bench.expect(words("ADD", three), calls)
            try require(calls[0].previous == nil, "no prevResult for the first plugin", seen: calls[0].text)
            for index in [1, 2] { try bench.expectResult(index - 1, "1.0.0", calls[index]) }
        },
        Case(
            "cni.K2.final", "DEL hands all plugins the final result", .previousOfDelete, .previousInserted
        ) { bench throws(Stop) in
            for version in ["0.4.0", "1.0.0"] {
                try bench.prepare(version)
                try bench.succeed("add")
                for call in try bench.calls({ () throws(Stop) in try bench.succeed("del") }) {
                    try bench.expectResult(2, version, call)
                }
            }
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
            .capabilities, .provided
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
    ])
