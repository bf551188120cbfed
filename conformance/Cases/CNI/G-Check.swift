import JSON
import Suite

extension Clause {
    fileprivate static let since = practice(
        "G1", "A configuration before 0.4.0 has no CHECK: error 1.")
    fileprivate static let needsResult = sentence(
        "G2", .must,
        "The plugin must consult the `prevResult` to determine the expected interfaces and addresses.", check)
    fileprivate static let sees = sentence(
        "G3", .should,
        """
        The plugin should return an error if a resource included in the CNI Result type (interface, address or route) was \
        created by the plugin, and is listed in `prevResult`, but is missing or in an invalid state.
        """, check)
    fileprivate static let seesOthers = sentence(
        "G4", .should,
        """
        The plugin should return an error if other resources not tracked in the Result type such as the following are \
        missing or are in an invalid state: Firewall rules, Traffic shaping controls, IP reservations …
        """, check)
    fileprivate static let allows = sentence(
        "G5", .must,
        "The plugin must allow for a later chained plugin to have modified networking resources, e.g. routes, on `ADD`.",
        check)
    fileprivate static let forwards = sentence(
        "G6", .should,
        "The plugin should call `CHECK` on any delegated (e.g. IPAM) plugins and pass any errors on to its caller.",
        check)
    fileprivate static let atOnce = sentence(
        "G7", .must,
        """
        The plugin must handle `CHECK` being called immediately after an `ADD`, and therefore should allow a reasonable \
        convergence delay for any asynchronous resources.
        """, check)
    fileprivate static let silent = practice(
        "G8", "CHECK prints nothing when all is well, and changes nothing.")
}

private let check = "check-check-containers-networking-is-as-expected"
private let hasCheck: [Need<Plugin>] = [.version("0.4.0")]
/// What makes a link that can be taken away again.
private let makesLinks: @Sendable (Plugin) -> Bool = {
    $0.kind == .interface && $0.interface != "lo" && $0.type != "host-device"
}

/// Cases for CHECK. CNI 1.1.0, section 2 "CHECK".
let checkSection = Section<PluginBench>(
    "G CHECK",
    [
        Case("cni.G1.since", "versions before 0.4.0 have no CHECK", .since) { bench throws(Stop) in
            for version in ["0.1.0", "0.2.0", "0.3.0", "0.3.1"] where bench.plugin.supports(version) {
                let previous = bench.previousResult(bench.first, version)
                try bench.expectError(bench.run(bench.call("CHECK", after: previous, version: version)), 1)
            }
        },
        Case("cni.G2.result", "CHECK without prevResult is an error", .needsResult, needs: hasCheck) {
            bench throws(Stop) in
            try bench.add()
            try bench.expectError(bench.run(bench.call("CHECK")) { $0.set("prevResult", nil) })
        },
        Case("cni.G3.link", "CHECK sees that the interface is gone", .sees, for: makesLinks, needs: hasCheck)
        { bench throws(Stop) in
            try drifts(bench) { place throws(Stop) in
                try bench.ip(in: place, "link", "delete", place.interface)
            }
        },
        Case("cni.G3.address", "CHECK sees that the address is gone", .sees, for: delegates, needs: hasCheck)
        { bench throws(Stop) in
            try drifts(bench) { place throws(Stop) in
                try bench.ip(in: place, "address", "flush", "dev", place.interface)
            }
        },
        Case(
            "cni.G3.route", "CHECK sees that a route of the result is gone", .sees, for: delegates,
            needs: hasCheck
        ) { bench throws(Stop) in
            try drifts(bench) { place throws(Stop) in
                try bench.ip(in: place, "route", "delete", "default")
            }
        },
        Case(
            "cni.G3.loopback", "CHECK sees that lo is down", .sees, for: { $0.interface == "lo" },
            needs: hasCheck
        ) { bench throws(Stop) in
            try drifts(bench) { place throws(Stop) in try bench.ip(in: place, "link", "set", "lo", "down") }
        },
        Case(
            "cni.G4.rules", "CHECK sees that its firewall rules are gone", .seesOthers,
            for: { $0.kind != .ipam }, needs: hasCheck + [.program("nft")]
        ) {
            bench throws(Stop) in
            let before = try ruleset(bench)
            let result = try bench.add()
            if try ruleset(bench) == before {
                throw Stop.skip("ADD of \(bench.plugin.type) made no firewall rules with this configuration")
            }
            try bench.expectSilence(bench.run(bench.call("CHECK", after: result)))
            try bench.tool("nft", "flush", "ruleset")
            try bench.expectError(bench.run(bench.call("CHECK", after: result)))
        },
        Case(
            "cni.G4.reservation", "CHECK sees that the address is no longer reserved", .seesOthers,
            for: { $0.type != "static" && ($0.kind == .ipam || $0.addressManager != nil) }, needs: hasCheck
        ) {
            bench throws(Stop) in
            let result = try bench.add()
            // What the address manager of the plugin's own folder was given is taken back behind the plugin's back.
            var release = bench.call("DEL")
            let manager = bench.plugin.kind == .ipam ? bench.plugin.type : bench.plugin.addressManager ?? ""
            release.set("prevResult", nil)
            var step = bench.step(release)
            step.command = ["\(bench.plugin.directory)/\(manager)"]
            try bench.expectSilence(bench.recorder.run(step))
            try bench.expectError(bench.run(bench.call("CHECK", after: result)))
        },
        Case(
            "cni.G5.later", "CHECK passes when a later plugin changed address, MTU and routes", .allows,
            for: { makesLinks($0) && $0.addressManager != nil }, needs: hasCheck
        ) {
            bench throws(Stop) in
            let result = try bench.add()
            try bench.ip(
                in: bench.first, "link", "set", bench.first.interface, "address", "02:00:00:00:00:77", "mtu",
                "1300")
            try bench.ip(in: bench.first, "address", "add", "10.88.0.2/24", "dev", bench.first.interface)
            try bench.ip(in: bench.first, "route", "add", "10.99.0.0/16", "dev", bench.first.interface)
            try bench.expectSilence(bench.run(bench.call("CHECK", after: changed(result, bench.first))))
        },
        Case(
            "cni.G6.forwards", "the address manager gets CHECK, and its error is the answer", .forwards,
            .executesDelegates, for: delegates, needs: hasCheck
        ) {
            bench throws(Stop) in
            let delegate = try Delegate(result: bench.delegateResult())
            let result = try bench.result(of: bench.run(bench.delegatedCall("ADD")))
            try bench.expectSilence(bench.run(bench.delegatedCall("CHECK", after: result)))
            let verbs = try delegate.received().map(\.verb)
            try require(
                verbs.last == "CHECK", "CHECK of the address manager", seen: verbs.joined(separator: ", "))
            try delegate.answer(
                "CHECK", #"{"cniVersion":"1.0.0","code":123,"msg":"the lease has ended"}"#, code: 1)
            try bench.expectError(
                bench.run(bench.delegatedCall("CHECK", after: result)), naming: "the lease has ended", 123)
        },
        Case("cni.G7.at-once", "CHECK right after ADD passes, in every version", .atOnce, needs: hasCheck) {
            bench throws(Stop) in
            for version in bench.plugin.versions where ["0.4.0", "1.0.0", "1.1.0"].contains(version) {
                let result = try bench.add(version: version)
                try bench.expectSilence(bench.run(bench.call("CHECK", after: result, version: version)))
                try bench.expectSilence(bench.run(bench.call("DEL", after: result, version: version)))
            }
        },
        Case("cni.G8.looks", "CHECK only looks", .silent, needs: hasCheck) { bench throws(Stop) in
            let result = try bench.add()
            try bench.expectNoChange("CHECK") { () throws(Stop) in
                try bench.expectSilence(bench.run(bench.call("CHECK", after: result)))
            }
        },
    ])

/// ADD, CHECK that passes, `change`, CHECK that must not.
private func drifts(_ bench: PluginBench, _ change: (Attachment) throws(Stop) -> Void) throws(Stop) {
    let result = try bench.add()
    if bench.interfaces(of: result).isEmpty {
        throw Stop.skip("the result of \(bench.plugin.type) has no interface")
    }
    let call = bench.call("CHECK", after: result)
    try bench.expectSilence(bench.run(call))
    try change(bench.first)
    try bench.expectError(bench.run(call))
}

private func ruleset(_ bench: PluginBench) throws(Stop) -> [String] {
    try bench.network("").filter {
        $0.hasPrefix("rule chain") || $0.hasPrefix("rule map") || $0.hasPrefix("rule set")
            || $0.hasPrefix("rule table")
    }
}

/// `result` as a later plugin hands it on that changed the hardware address of the container's interface.
private func changed(_ result: JSONValue, _ place: Attachment) -> JSONValue {
    let interfaces = (result.member("interfaces")?.elements ?? []).map { item in
        guard item.member("sandbox")?.string == place.path else { return item }
        let other = item.setting("mac", .string("02:00:00:00:00:77"))
        return item.member("mtu") == nil ? other : other.setting("mtu", .integer(1300))
    }
    return result.setting("interfaces", .array(interfaces))
}
