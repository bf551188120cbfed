import JSON
import Suite

extension Clause {
    fileprivate static let keepsValid = sentence(
        "H7", .must,
        "`cni.dev/valid-attachments` (array of objects): The list of still valid attachments to this network",
        gc)
    fileprivate static let removesStale = sentence(
        "H8", .should,
        """
        A plugin SHOULD remove as many stale resources as possible. For example, a plugin should remove any IPAM \
        reservations associated with attachments not in the provided list.
        """, gc)
    fileprivate static let forwards = sentence(
        "H9", .must,
        "Plugins MUST, additionally, forward any GC calls to delegated plugins they are configured to use (see section 4).",
        gc)
    fileprivate static let goesOn = sentence(
        "H10", .should,
        """
        If an error is encountered, a plugin should continue; removing as many resources as possible, and report the \
        errors back to the runtime.
        """, gc)
    fileprivate static let emptyList = practice(
        "H12", "An empty list means that nothing is valid; without a list nothing is removed.",
        "https://github.com/containernetworking/cni/issues/1101")
    fileprivate static let alone = sentence(
        "H14", .must, "Required environment parameters: `CNI_COMMAND`, `CNI_PATH`", gc)
    fileprivate static let completes = sentence(
        "H10.completes", .should, "Plugins should generally complete a `GC` action without error.", gc)
}

private let gc = "gc-clean-up-any-stale-resources"
private let has: [Need<Plugin>] = [.version("1.1.0")]
private let list = "cni.dev/valid-attachments"

/// Cases for GC. CNI 1.1.0, section 2 "GC".
let garbageSection = Section<PluginBench>(
    "H GC",
    [
        Case("cni.H7.valid", "GC leaves what is valid as it is", .keepsValid, needs: has) {
            bench throws(Stop) in
            let other = try bench.another("c2")
            try bench.add()
            if bench.plugin.type != "host-device" { try bench.add(other) }
            try bench.expectNoChange("GC with all attachments in the list") { () throws(Stop) in
                let answer = try bench.run(bench.call("GC")) {
                    $0.set(list, .array([bench.first.json, other.json]))
                }
                try bench.expectSilence(answer)
            }
        },
        Case(
            "cni.H8.stale", "GC removes what the host keeps for those which are gone, and nothing else",
            .removesStale, .completes, needs: has
        ) {
            bench throws(Stop) in
            try removesOnlyStale(bench) { $0.set(list, .array([bench.first.json])) }
        },
        Case(
            "cni.H8.interface",
            "an attachment is a container and an interface: another interface of it is stale", .removesStale,
            for: { $0.kind == .ipam && $0.type != "static" }, needs: has
        ) {
            bench throws(Stop) in
            var second = bench.first
            second.interface = "eth1"
            try bench.add()
            let before = try bench.snapshot()
            try bench.add(second)
            try bench.expectSilence(bench.run(bench.call("GC")) { $0.set(list, .array([bench.first.json])) })
            try bench.expectSame(before, "ADD of eth1, and GC with eth0 in the list")
        },
        Case(
            "cni.H9.forwards", "the address manager gets GC with the list", .forwards, .executesDelegates,
            for: delegates, needs: has
        ) { bench throws(Stop) in
            let delegate = try Delegate(result: bench.delegateResult())
            try bench.expectSilence(
                bench.run(bench.delegatedCall("GC")) { $0.set(list, .array([bench.first.json])) })
            let calls = try delegate.received().filter { $0.verb == "GC" }
            try require(calls.count == 1, "one GC of the address manager", seen: "\(calls.count)")
            let received = calls.first?.configuration.member(list) ?? .null
            try require(received == .array([bench.first.json]), "the list of the host", seen: received.text)
        },
        Case(
            "cni.H10.goes-on", "an error of the address manager is reported, and the rest is removed",
            .goesOn, for: { $0.type == "bridge" || $0.type == "ptp" }, needs: has
        ) {
            bench throws(Stop) in
            let delegate = try Delegate(result: bench.delegateResult())
            let clean = try bench.result(of: bench.run(bench.delegatedCall("ADD")))
            try bench.expectSilence(bench.run(bench.delegatedCall("DEL", after: clean)))
            let before = try bench.snapshot(["c1"])
            let victim = try bench.another("late")
            var call = bench.delegatedCall("ADD")
            call.attachment = victim
            try bench.result(of: bench.run(call))
            try bench.removeNamespace(victim)
            try bench.waitForLinks(before)
            try delegate.answer(
                "GC", #"{"cniVersion":"1.1.0","code":104,"msg":"half of it is left"}"#, code: 1)
            let answer = try bench.run(bench.delegatedCall("GC")) { $0.set(list, .array([])) }
            try bench.expectError(answer, naming: "half of it is left", 104)
            try bench.expectSame(before, "an attachment that is gone, and GC", in: ["c1"])
        },
        Case("cni.H12.empty", "with an empty list everything is removed", .emptyList, needs: has) {
            bench throws(Stop) in
            try removesOnlyStale(bench, keeps: false) { $0.set(list, .array([])) }
        },
        Case("cni.H12.missing", "without a list nothing is removed", .emptyList, needs: has) {
            bench throws(Stop) in
            try bench.add()
            try bench.expectNoChange("GC without a list") { () throws(Stop) in
                try bench.expectSilence(bench.run(bench.call("GC")))
            }
        },
        Case(
            "cni.H14.alone", "GC needs CNI_PATH alone, and changes nothing where nothing is", .alone,
            .completes, needs: has
        ) { bench throws(Stop) in
            try bench.warmUp()
            try bench.expectNoChange("GC on an empty host") { () throws(Stop) in
                for valid in [[], [bench.first.json]] {
                    try bench.expectSilence(bench.run(bench.call("GC")) { $0.set(list, .array(valid)) })
                }
            }
        },
    ])

/// An attachment whose namespace has gone is taken away by GC; the one that `keeps` is not.
private func removesOnlyStale(
    _ bench: PluginBench, keeps: Bool = true, _ edit: (inout Call) -> Void
) throws(Stop) {
    if bench.plugin.type == "host-device" {
        throw Stop.skip("the device comes back to the host when its namespace goes")
    }
    try bench.warmUp()
    if keeps { try bench.add() }
    let before = try bench.snapshot(["c1"])
    let victim = try bench.another("late")
    try bench.add(victim)
    try bench.removeNamespace(victim)
    try bench.waitForLinks(before)
    try bench.expectSilence(bench.run(bench.call("GC"), edit))
    try bench.expectSame(before, "an attachment that is gone, and GC", in: ["c1"])
}
