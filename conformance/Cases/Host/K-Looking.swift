import JSON
import Suite

extension Clause {
    fileprivate static let previousOfCheck = sentence(
        "K2.check", .must, "the previous result provided is always the final result of the add operation.",
        "checking-an-attachment")
    fileprivate static let previousIncluded = sentence(
        "K2.included", .must,
        """
        A runtime must include a `prevResult` field in the network configuration containing the `Result` of the \
        immediately preceding `ADD` for the container.
        """, check)
    fileprivate static let valid = sentence(
        "K5", .must,
        "The runtime must provide a JSON-serialized plugin configuration object (defined below) on standard in. It contains an additional key; `cni.dev/valid-attachments` (array of objects): The list of still valid attachments to this network",
        "gc-clean-up-any-stale-resources")
    fileprivate static let checkOrder = sentence(
        "K8", .must,
        "For every plugin defined in the `plugins` key of the network configuration, … Execute the plugin binary, with `CNI_COMMAND=CHECK`.",
        "checking-an-attachment")
    fileprivate static let collects = sentence(
        "K9", .must,
        "If `disableGC` is `true`, runtimes must not call `GC` for this network configuration list.",
        "configuration-format")
    fileprivate static let goesOn = sentence(
        "K9.goes-on", .must,
        "If the plugin returns an error, continue with execution, returning all errors to the caller.",
        "garbage-collecting-a-network")
    fileprivate static let neverAdded = sentence(
        "K8.never", .must,
        """
        A runtime must not call `CHECK` for a container that has not been `ADD`ed, or has been `DEL`eted after its last \
        `ADD`.
        """, check)
    // The specification has no order for STATUS.
    fileprivate static let statusOrder = practice(
        "K10", "STATUS goes through the chain as ADD does, and the first error ends it.")
}

private let check = "check-check-containers-networking-is-as-expected"

/// Cases for CHECK, GC and STATUS of a chain. CNI 1.1.0, sections 2 and 3.
let lookingSection = Section<HostBench>(
    "K CHECK, GC, STATUS",
    [
        Case(
            "cni.K2.check", "CHECK hands all plugins the final result", .previousOfCheck, .previousIncluded,
            .previousInserted
        ) { bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.succeed("add")
            let calls = try bench.calls { () throws(Stop) in try bench.succeed("check") }
            try bench.expect(words("CHECK", three), calls)
            for call in calls { try bench.expectResult(2, "1.0.0", call) }
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
        Case("cni.K8.never", "no plugin gets CHECK before ADD, nor after DEL", .neverAdded) {
            bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.expect([], bench.calls { () throws(Stop) in try bench.call("check") })
            try bench.succeed("add")
            try bench.succeed("del")
            try bench.expect([], bench.calls { () throws(Stop) in try bench.call("check") })
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
        Case("cni.K9.disabled", "with disableGC no plugin gets GC", .collects) { bench throws(Stop) in
            try bench.prepare("1.1.0", list: #""disableGC":true"#)
            try bench.expect([], bench.calls { () throws(Stop) in try bench.succeed("gc") })
        },
        Case("cni.K9.goes-on", "GC goes on after an error, and reports it", .goesOn) { bench throws(Stop) in
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
