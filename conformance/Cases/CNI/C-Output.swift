import JSON
import Suite

extension Clause {
    fileprivate static let exitCode = sentence(
        "C1", .must, "A plugin must exit with a return code of 0 on success, and non-zero on failure.",
        "errors")
    fileprivate static let errorObject = sentence(
        "C2", .should,
        "If the plugin encounters an error, it should output an \"error\" result structure (see below).",
        "errors")
    fileprivate static let errorVersion = sentence(
        "C2.version", .should,
        """
        Plugins should output a JSON object with the following keys if they encounter an error: \
        `cniVersion`: The protocol version in use - "1.1.0"
        """, "error")
    fileprivate static let oneDocument = sentence(
        "C3", .must,
        "If the CNI plugin is successful, it must output a result structure (see below) on standard out.",
        "add-add-container-to-network-or-apply-modifications")
    fileprivate static let serialized = sentence(
        "C3.serialized", .should,
        "For certain operations, plugins must output result information. The output should be serialized as JSON on standard out.",
        "section-5-result-types")
    fileprivate static let codes = sentence(
        "C5", .must,
        "Error codes 0-99 are reserved for well-known errors. Values of 100+ can be freely used for plugin specific errors.",
        "error")
    static let namesVariables = sentence(
        "C5.variables", .must,
        """
        `4`: Invalid necessary environment variables, like CNI_COMMAND, CNI_CONTAINERID, etc. The error message must \
        contain the names of invalid variables.
        """, "error")
    fileprivate static let silence = practice(
        "C8", "DEL, CHECK, GC and STATUS print nothing on standard output when they succeed.")
    fileprivate static let spelling = practice(
        "C9", "No space stands before a colon: programs look for the bytes `\"interfaces\":`.",
        "https://github.com/containernetworking/plugins/blob/main/plugins/main/bridge/bridge_test.go")
    fileprivate static let inputFailure = sentence(
        "C5.io", .must, "`5`: I/O failure. For example, failed to read network config bytes from stdin.",
        "error")
    fileprivate static let unreadable = practice(
        "C5.unreadable", "An input whose reading fails is answered like one that is closed.")
}

/// Cases for what a plugin answers, whatever the operation. CNI 1.1.0, sections 2 "Errors" and 5.
let outputSection = Section<PluginBench>(
    "C output",
    [
        Case("cni.C1.code", "the exit code is 0 for success and another one for failure", .exitCode) {
            bench throws(Stop) in
            let good = try bench.run(bench.call("ADD"))
            try require(good.isSuccess, "exit status 0 of ADD", seen: good.text)
            let bad = try bench.run(bench.call("ADD")) { $0.set("cniVersion", .string("9.9.9")) }
            try require(bad.status != nil && !bad.isSuccess, "an exit status other than 0", seen: bad.text)
            // Whoever reads standard output believes it: an error object with exit code 0 is no error to a host.
            let absent = try bench.run(bench.call("ADD")) { $0.attachment.namespace = "absent" }
            if bench.plugin.kind != .ipam, absent.isSuccess, bench.plugin.kind == .interface {
                throw Stop.finding(
                    expected: "a failure for a namespace that does not exist", seen: absent.text)
            }
        },
        Case("cni.C2.object", "an error is an object with a code and a msg, on standard output", .errorObject)
        { bench throws(Stop) in
            for verb in ["ADD", "DEL"] {
                try bench.expectError(bench.run(bench.call(verb)) { $0.set("cniVersion", .string("9.9.9")) })
                try bench.expectError(bench.run(bench.call(verb)) { $0.attachment.container = "-" })
            }
        },
        // All references leave the version out. Right all the same: the sentence lists it first among the keys, and a host that
        // speaks several versions reads an error by it.
        Case("cni.C2.version", "an error says the version of the protocol", .errorVersion) {
            bench throws(Stop) in
            for version in bench.plugin.versions {
                let answer = try bench.run(bench.call("ADD", version: version)) {
                    $0.set("name", .string("a/b"))
                }
                let object = try bench.expectError(answer)
                try require(
                    object.member("cniVersion")?.string == version, "cniVersion \(version) in the error",
                    seen: answer.text)
            }
        },
        Case("cni.C3.one", "standard output is one JSON object", .oneDocument, .serialized) {
            bench throws(Stop) in
            try bench.result(of: bench.run(bench.call("ADD")))
            try bench.result(of: bench.run(bench.call("VERSION")))
            // The same again fails, for one reason or another: then it is one object, too.
            let again = try bench.run(bench.call("ADD"))
            if !again.isSuccess { try bench.expectError(again) }
        },
        Case(
            "cni.C5.codes", "an error of the plugin's own has a code of the table, or one from 100", .codes,
            for: makesInterfaces
        ) {
            bench throws(Stop) in
            let answer = try bench.run(bench.call("ADD")) { $0.attachment.namespace = "absent" }
            let code = try bench.expectError(answer).member("code")?.integer ?? 0
            let known: Set<Int64> = [2, 3, 4, 5, 6, 7, 8, 11, 50, 51]
            try require(
                code >= 100 || known.contains(code), "a code of the table, or 100 and above",
                seen: answer.text)
        },
        // The references say "invalid characters in containerID". Right all the same: the sentence leaves no room.
        Case("cni.C5.variables", "error 4 names the variable whose value is bad", .namesVariables) {
            bench throws(Stop) in
            for (name, value) in [
                ("CNI_COMMAND", "INIT"), ("CNI_CONTAINERID", "a/b"), ("CNI_IFNAME", "a/b"),
            ] {
                let answer = try bench.run(bench.call("ADD")) { $0.variables[name] = value }
                try bench.expectError(answer, naming: name, 4)
            }
        },
        Case("cni.C5.input", "standard input that is closed is error 5 or 6", .inputFailure) {
            bench throws(Stop) in
            try bench.expectError(bench.throughShell(bench.call("ADD"), "<&-"), 5, 6)
        },
        // No host gives such an input, and an interpreter may end over it before the plugin's first line (Python's does).
        Case("cni.C5.directory", "standard input that cannot be read is error 5 or 6", .unreadable) {
            bench throws(Stop) in
            try bench.expectError(bench.throughShell(bench.call("ADD"), "</"), 5, 6)
        },
        Case("cni.C8.del", "DEL prints nothing", .silence) { bench throws(Stop) in
            try bench.delete(after: bench.add())
        },
        Case("cni.C8.check", "CHECK prints nothing", .silence, needs: [.version("0.4.0")]) {
            bench throws(Stop) in
            let result = try bench.add()
            try bench.expectSilence(bench.run(bench.call("CHECK", after: result)))
        },
        Case("cni.C8.new", "STATUS and GC print nothing", .silence, needs: [.version("1.1.0")]) {
            bench throws(Stop) in
            for verb in ["STATUS", "GC"] { try bench.expectSilence(bench.run(bench.call(verb))) }
        },
        Case("cni.C9.colon", "no space stands before a colon", .spelling) { bench throws(Stop) in
            let answer = try bench.run(bench.call("ADD"))
            try bench.result(of: answer)
            for word in ["cniVersion", "interfaces", "ips", "ip4", "address", "name"]
            where answer.output.contains("\"\(word)\"") {
                try require(
                    answer.output.contains("\"\(word)\":"), "\"\(word)\": without a space", seen: answer.text)
            }
        },
    ])
