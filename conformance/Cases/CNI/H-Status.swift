import JSON
import Suite

extension Clause {
    fileprivate static let since = practice(
        "H1", "A configuration before 1.1.0 has no STATUS and no GC: error 1.")
    fileprivate static let ready = sentence(
        "H2", .must,
        "A plugin must exit with a zero (success) return code if the plugin is ready to service ADD requests.",
        status)
    fileprivate static let notReady = sentence(
        "H2.cannot", .must,
        """
        If the plugin knows that it is not able to service ADD requests, it must exit with a non-zero return code and \
        output an error on standard out (see below).
        """, status)
    fileprivate static let exhausted = sentence(
        "H3", .should,
        """
        Likewise, if a plugin has a limited number of resources (e.g. IP addresses, hardware queues), it should return an \
        error if those resources are exhausted and no new `ADD` requests can be serviced.
        """, status)
    fileprivate static let forwards = sentence(
        "H4", .must,
        """
        If a plugin relies on a delegated plugin (e.g. IPAM) to service `ADD` requests, it must also execute a `STATUS` \
        request to that plugin when it receives a `STATUS` request for itself.
        """, status)
    fileprivate static let passesOn = sentence(
        "H4.error", .should,
        "If the delegated plugin return an error result, the executing plugin should return an error result.",
        status)
    fileprivate static let noAttachment = sentence(
        "H5", .must, "Optional environment parameters: `CNI_PATH`", status)
    fileprivate static let informational = sentence(
        "H6", .must,
        "Status is purely informational. A plugin MUST NOT rely on `STATUS` being called.", status)
    fileprivate static let expectsOthers = sentence(
        "H6.others", .should,
        "Plugins should always expect other CNI operations (like `ADD`, `DEL`, etc) even if `STATUS` returns an error.",
        status)
}

private let status = "status-check-plugin-status"
private let has: [Need<Plugin>] = [.version("1.1.0")]

/// Cases for STATUS. CNI 1.1.0, section 2 "STATUS".
let statusSection = Section<PluginBench>(
    "H STATUS",
    [
        Case("cni.H1.status", "versions before 1.1.0 have no STATUS and no GC", .since) {
            bench throws(Stop) in
            for version in ["0.3.1", "0.4.0", "1.0.0"] where bench.plugin.supports(version) {
                for verb in ["STATUS", "GC"] {
                    let answer = try bench.run(bench.call(verb, version: version))
                    // One that knows no such operation at all refuses it in its own words.
                    if bench.plugin.supports("1.1.0") {
                        try bench.expectError(answer, 1)
                    } else {
                        try bench.expectError(answer)
                    }
                }
            }
        },
        Case("cni.H2.ready", "STATUS succeeds when ADD does", .ready, needs: has) { bench throws(Stop) in
            try bench.expectSilence(bench.run(bench.call("STATUS")))
            try bench.add()
            try bench.expectSilence(bench.run(bench.call("STATUS")))
        },
        Case(
            "cni.H2.cannot", "STATUS is an error when the address manager is not there", .notReady,
            for: delegates, needs: has
        ) { bench throws(Stop) in
            let answer = try bench.run(bench.call("STATUS")) {
                $0.set("ipam", .literal(#"{"type":"no-such-manager"}"#))
            }
            try bench.expectError(answer)
        },
        Case(
            "cni.H3.exhausted", "STATUS is an error when no address is left", .exhausted, .notReady,
            for: { $0.kind == .ipam && $0.type != "static" }, needs: has
        ) {
            bench throws(Stop) in
            let small = JSONValue.literal(#"[[{"subnet":"10.78.0.0/30"}]]"#)
            for name in ["f1", "f2", "f3", "f4"] {
                let answer = try bench.run(bench.call("ADD", bench.another(name))) {
                    $0.setAddressManager("ranges", small)
                }
                guard answer.isSuccess else {
                    let status = try bench.run(bench.call("STATUS")) { $0.setAddressManager("ranges", small) }
                    try bench.expectError(status, 50, 51)
                    return
                }
            }
            throw Stop.skip("four addresses out of 10.78.0.0/30: the plugin does not read ipam.ranges")
        },
        Case(
            "cni.H4.forwards", "the address manager gets STATUS, and its error is the answer", .forwards,
            .passesOn, for: delegates, needs: has
        ) {
            bench throws(Stop) in
            let delegate = try Delegate(result: bench.delegateResult())
            try bench.expectSilence(bench.run(bench.delegatedCall("STATUS")))
            let verbs = try delegate.received().map(\.verb)
            try require(
                verbs.last == "STATUS", "STATUS of the address manager", seen: verbs.joined(separator: ", "))
            try delegate.answer(
                "STATUS", #"{"cniVersion":"1.1.0","code":50,"msg":"no addresses are left"}"#, code: 1)
            try bench.expectError(
                bench.run(bench.delegatedCall("STATUS")), naming: "no addresses are left", 50)
        },
        Case("cni.H5.alone", "STATUS needs no container, and changes nothing", .noAttachment, needs: has) {
            bench throws(Stop) in
            try bench.warmUp()
            try bench.expectNoChange("STATUS") { () throws(Stop) in
                try bench.expectSilence(bench.run(bench.call("STATUS")))
            }
        },
        Case(
            "cni.H6.not-needed", "ADD works after a STATUS that failed", .informational, .expectsOthers,
            for: delegates, needs: has
        ) { bench throws(Stop) in
            let delegate = try Delegate(result: bench.delegateResult())
            try delegate.answer("STATUS", #"{"cniVersion":"1.1.0","code":50,"msg":"not yet"}"#, code: 1)
            try bench.expectError(bench.run(bench.delegatedCall("STATUS")))
            let result = try bench.result(of: bench.run(bench.delegatedCall("ADD")))
            try bench.expectSilence(bench.run(bench.delegatedCall("DEL", after: result)))
        },
    ])
