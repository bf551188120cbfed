import JSON
import Suite

extension Clause {
    fileprivate static let environment = sentence(
        "K11", .must,
        """
        During execution, always set as the `CNI_CONTAINERID` parameter. … During execution, always set as the \
        `CNI_NETNS` parameter. … During execution, always set as the `CNI_IFNAME` parameter. … During execution, always \
        set as the `CNI_ARGS` parameter.
        """, "attachment-parameters")
    fileprivate static let containerID = sentence(
        "K11.id", .must,
        """
        A unique plaintext identifier for a container, allocated by the runtime. Must not be empty. Must start with an \
        alphanumeric character, optionally followed by any combination of one or more alphanumeric characters, \
        underscore (), dot (.) or hyphen (-).
        """, "attachment-parameters")
    fileprivate static let path = sentence(
        "K11.path", .must,
        """
        Furthermore, the runtime must be provided a list of paths to search for CNI plugins. This must also be provided \
        to plugins during execution via the `CNI_PATH` environment variable.
        """, "attachment-parameters")
    fileprivate static let errors = practice(
        "K12", "What a plugin writes to standard error reaches the host's user.")
    fileprivate static let sameParameters = sentence(
        "K15", .must,
        "The runtime must use the same attachment parameters as it did for the add operation.",
        "checking-an-attachment")
    fileprivate static let sameVariables = sentence(
        "K15.variables", .must,
        """
        All parameters, with the exception of `CNI_PATH`, must be the same as the corresponding `ADD` for this container.
        """, "check-check-containers-networking-is-as-expected")
    fileprivate static let deleteAfterFailure = sentence(
        "K16", .must, "A delete must still be executed even if the add fails.", "lifecycle--ordering")
    fileprivate static let namespace = sentence(
        "K17", .must,
        "The container runtime must create a new network namespace for the container before invoking any plugins.",
        "lifecycle--ordering")
    fileprivate static let lifecycle = sentence(
        "K18", .may, "delete may be followed by additional deletes.", "lifecycle--ordering")
    fileprivate static let unversioned = practice(
        "I10", "A result without a cniVersion has the one of the configuration.")
    fileprivate static let askedVersions = practice(
        "D5", "VERSION is asked with CNI_COMMAND=VERSION and a cniVersion.")
}

/// Cases for what each call of a chain is made with, and for what comes after a failure. CNI 1.1.0, section 3.
let parameterSection = Section<HostBench>(
    "K parameters",
    [
        Case(
            "cni.K11.environment", "every variable is there, and the same for the whole chain", .environment,
            .containerID, .path
        ) { bench throws(Stop) in
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
            let id = calls.first?.environment["CNI_CONTAINERID"] ?? ""
            try require(
                id.first.map(isAlphanumeric) ?? false
                    && id.allSatisfy { isAlphanumeric($0) || "_.-".contains($0) },
                "a CNI_CONTAINERID of letters, digits, '_', '.' and '-', a letter or digit first", seen: id)
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
        Case("cni.K15.same", "CHECK has the parameters of ADD", .sameParameters, .sameVariables) {
            bench throws(Stop) in
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

private func isAlphanumeric(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber)
}
