import JSON
import Suite

extension Clause {
    fileprivate static let creates = sentence(
        "E1", .should,
        """
        A CNI plugin, upon receiving an `ADD` command, should either create the interface defined by `CNI_IFNAME` inside \
        the container at `CNI_NETNS`, or adjust the configuration of the interface defined by `CNI_IFNAME` inside the \
        container at `CNI_NETNS`.
        """, add)
    fileprivate static let determines = sentence(
        "E1.determines", .must,
        """
        The IPAM plugin must determine the interface IP/subnet, Gateway and Routes and return this information to the \
        "main" plugin to apply.
        """, "section-4-plugin-delegation")
    fileprivate static let exists = sentence(
        "E2", .must,
        "If an interface of the requested name already exists in the container, the CNI plugin MUST return with an error.",
        add)
    fileprivate static let result = sentence(
        "E3", .must, "`cniVersion`: The same version supplied on input …", "add-success")
    fileprivate static let handsOn = sentence(
        "E4", .must,
        """
        Plugins provided a `prevResult` key as part of their request configuration must output it as their result, with \
        any possible modifications made by that plugin included.
        """, "add-success")
    fileprivate static let equivalent = sentence(
        "E5", .must,
        """
        If a plugin makes no changes that would be reflected in the Success result type, then it must output a result \
        equivalent to the provided `prevResult`.
        """, "add-success")
    fileprivate static let delegateUndone = sentence(
        "E6", .should,
        "If, on `ADD`, a delegated plugin fails, the \"upper\" plugin should execute again with `DEL` before returning failure.",
        "delegated-plugin-execution-procedure")
    fileprivate static let noReservation = practice(
        "E7", "An ADD that fails leaves no reserved address behind.",
        "https://github.com/containernetworking/plugins/blob/main/plugins/main/bridge/bridge.go")
    fileprivate static let deleteAfterFailure = sentence(
        "E8", .must, "A delete must still be executed even if the add fails.", "lifecycle--ordering")
    fileprivate static let needsPrevious = practice(
        "E9", "A chained plugin without a prevResult is an error, not a success without work.",
        "https://github.com/containernetworking/plugins/tree/main/plugins/meta")
    fileprivate static let notTwice = practice(
        "E10",
        "A second ADD for the same container and interface is an error, and leaves the first one's as it is.",
        "https://github.com/containernetworking/plugins/tree/main/plugins/ipam/host-local")
    fileprivate static let concurrent = sentence(
        "E11", .must,
        """
        Plugins must handle being executed concurrently across different containers. If necessary, they must implement \
        locking on shared resources (e.g. IPAM databases).
        """, "lifecycle--ordering")
}

private let add = "add-add-container-to-network-or-apply-modifications"

/// Cases for ADD. CNI 1.1.0, section 2 "ADD" and section 5 "Success".
let addSection = Section<PluginBench>(
    "E ADD",
    [
        Case(
            "cni.E1.creates", "the interface is in the container, up, with the addresses of the result",
            .creates, for: makesInterfaces
        ) {
            bench throws(Stop) in
            let result = try bench.add()
            let inside = bench.interfaces(of: result).filter { $0.sandbox == bench.first.path }
            if inside.isEmpty, bench.addresses(of: result).isEmpty {
                throw Stop.skip("the result of \(bench.plugin.type) has no interface in the container")
            }
            try require(
                inside.map(\.name).contains(bench.first.interface), "\(bench.first.interface) in the result",
                seen: result.text)
            try bench.expectInterface(result)
        },
        Case(
            "cni.E1.name", "the interface has the name it was asked for", .creates,
            for: { $0.kind == .interface && $0.interface != "lo" }
        ) {
            bench throws(Stop) in
            var place = bench.first
            place.interface = "net7"
            let result = try bench.add(place)
            if bench.interfaces(of: result).isEmpty {
                throw Stop.skip("\(bench.plugin.type) makes no interface")
            }
            try require(
                bench.links(in: place).contains("net7"), "an interface net7",
                seen: bench.links(in: place).joined(separator: " "))
        },
        Case(
            "cni.E1.reserves", "an address manager gives each container an address of its own", .determines,
            for: managesAddresses
        ) {
            bench throws(Stop) in
            let one = bench.addresses(of: try bench.add())
            let answer = try bench.run(bench.call("ADD", bench.another("c2")))
            if !answer.isSuccess, one.count == 1 {
                // One that only hands out what its configuration says cannot have a second one.
                throw Stop.skip("a second container gets none: \(answer.output)")
            }
            let two = bench.addresses(of: try bench.result(of: answer))
            try require(!one.isEmpty && !two.isEmpty, "an address", seen: answer.text)
            if bench.plugin.type == "static" {
                throw Stop.skip("static gives every container the addresses of its configuration")
            }
            try require(Set(one).isDisjoint(with: two), "different addresses", seen: "\(one) and \(two)")
        },
        Case(
            "cni.E2.exists", "an interface of that name is an error, and stays as it is", .exists,
            for: { $0.kind == .interface && $0.interface != "lo" }
        ) {
            bench throws(Stop) in
            let trial = try bench.another("trial")
            if bench.interfaces(of: try bench.add(trial)).isEmpty {
                throw Stop.skip("\(bench.plugin.type) makes no interface")
            }
            try bench.ip(
                in: bench.first, "link", "add", bench.first.interface, "type", "veth", "peer", "name", "other"
            )
            let before = try bench.realMAC(bench.first)
            try bench.expectError(bench.run(bench.call("ADD")))
            try require(
                bench.realMAC(bench.first) == before, "the interface that was there",
                seen: bench.realMAC(bench.first))
        },
        Case("cni.E3.version", "the result has the version of the configuration", .result) {
            bench throws(Stop) in
            for version in bench.plugin.versions where bench.canAnswer(in: version) {
                let result = try bench.add(version: version)
                try require(
                    result.member("cniVersion")?.string == version, "cniVersion \(version)", seen: result.text
                )
                try bench.expectSilence(bench.run(bench.call("DEL", after: result, version: version)))
            }
        },
        Case("cni.E4.hands-on", "prevResult is handed on, in every version", .handsOn, for: isChained) {
            bench throws(Stop) in
            for version in bench.plugin.versions {
                let previous = bench.previousResult(bench.first, version)
                let result = try bench.add(version: version)
                try require(
                    result.member("cniVersion")?.string == version, "cniVersion \(version)", seen: result.text
                )
                try bench.expectHandedOn(bench.unchangeable(previous), result)
                try bench.expectSilence(bench.run(bench.call("DEL", after: result, version: version)))
            }
        },
        Case(
            "cni.E5.all", "all members which 1.1.0 has come out again", .equivalent, for: isChained,
            needs: [.version("1.1.0")]
        ) {
            bench throws(Stop) in
            let previous = JSONValue.literal(
                #"""
                {"cniVersion":"1.1.0","interfaces":[{"name":"h-c1","mac":"02:00:00:00:77:01","mtu":1500},
                 {"name":"eth0","mac":"02:00:00:00:77:02","mtu":1500,"sandbox":"/run/netns/c1","socketPath":"/run/x.sock","pciID":"0000:04:00.5"}],
                 "ips":[{"interface":1,"address":"10.77.0.5/24","gateway":"10.77.0.1"},{"interface":1,"address":"fd77::5/64"}],
                 "routes":[{"dst":"0.0.0.0/0","gw":"10.77.0.1","mtu":1400,"advmss":1360,"priority":7,"table":100,"scope":0},{"dst":"10.1.0.0/16"}],
                 "dns":{"nameservers":["10.77.0.1"],"domain":"a.example","search":["b.example"],"options":["ndots:2"]}}
                """#)
            let result = try bench.result(of: bench.run(bench.call("ADD")) { $0.set("prevResult", previous) })
            try bench.expectHandedOn(bench.unchangeable(previous), result)
            // Who names a name server of his own has a change to tell.
            guard !["dns", "dnsname"].contains(bench.plugin.type) else { return }
            try require(result.member("dns") == previous.member("dns"), "dns as it was", seen: result.text)
        },
        // All references call DEL only when a later step failed. Right all the same: what an address manager did before it failed is
        // known to nobody but itself, and the sentence is about just that.
        Case(
            "cni.E6.delegate", "an address manager whose ADD failed gets DEL", .delegateUndone, for: delegates
        ) { bench throws(Stop) in
            let delegate = try Delegate(result: "")
            try delegate.answer(
                "ADD", #"{"cniVersion":"1.0.0","code":111,"msg":"no address today"}"#, code: 1)
            try bench.expectError(bench.run(bench.delegatedCall("ADD")))
            let verbs = try delegate.received().map(\.verb).filter { $0 != "VERSION" }
            try require(
                verbs == ["ADD", "DEL"], "ADD, then DEL of the address manager",
                seen: verbs.joined(separator: ", "))
        },
        Case("cni.E7.later", "a later failure gives the address back", .noReservation, for: delegates) {
            bench throws(Stop) in
            // Nobody can reach that gateway, so the route cannot be made: after the address has been given.
            let bad = bench.delegateResult().split(
                separator: #"{"dst":"0.0.0.0/0"}"#, omittingEmptySubsequences: false
            ).joined(separator: #"{"dst":"10.1.0.0/16","gw":"203.0.113.7"}"#)
            let delegate = try Delegate(result: bad)
            let answer = try bench.run(bench.delegatedCall("ADD"))
            if answer.isSuccess {
                throw Stop.skip("a route to an unreachable gateway is no failure for \(bench.plugin.type)")
            }
            try bench.expectError(answer)
            let verbs = try delegate.received().map(\.verb)
            try require(
                verbs.last == "DEL", "DEL of the address manager at the end",
                seen: verbs.joined(separator: ", "))
        },
        Case("cni.E8.cleared", "DEL after a failed ADD leaves nothing", .deleteAfterFailure, for: delegates) {
            bench throws(Stop) in
            try bench.warmUp()
            let delegate = try Delegate(result: "")
            try delegate.answer(
                "ADD", #"{"cniVersion":"1.0.0","code":111,"msg":"no address today"}"#, code: 1)
            try bench.expectNoChange("an ADD that failed, and its DEL") { () throws(Stop) in
                try bench.expectError(bench.run(bench.delegatedCall("ADD")))
                try bench.expectSilence(bench.run(bench.delegatedCall("DEL")))
            }
        },
        Case("cni.E9.alone", "without prevResult it is an error", .needsPrevious, for: isChained) {
            bench throws(Stop) in
            try bench.expectNoChange("ADD without prevResult") { () throws(Stop) in
                try bench.expectError(bench.run(bench.call("ADD")) { $0.set("prevResult", nil) })
            }
        },
        Case(
            "cni.E10.twice", "a second ADD is an error, and leaves the first one's", .notTwice,
            for: { makesOrGives($0) && $0.interface != "lo" && $0.type != "static" }
        ) {
            bench throws(Stop) in
            let result = try bench.add()
            if bench.addresses(of: result).isEmpty, bench.interfaces(of: result).isEmpty {
                throw Stop.skip("\(bench.plugin.type) makes nothing")
            }
            try bench.expectNoChange("a second ADD") { () throws(Stop) in
                try bench.expectError(bench.run(bench.call("ADD")))
            }
        },
        Case(
            "cni.E11.together", "32 containers at once: all get what is theirs, and give it back",
            .concurrent, seconds: 120
        ) { bench throws(Stop) in
            try attachTogether(bench, 32)
        },
    ])

private func attachTogether(_ bench: PluginBench, _ count: Int) throws(Stop) {
    if bench.plugin.type == "host-device" { throw Stop.skip("there is one device, so one container") }
    var places: [Attachment] = []
    for number in 0..<count { places.append(try bench.another("m\(number)")) }
    try bench.warmUp()
    // Looking into all of them would take longer than the calls.
    let samples = ["m0", "m\(count - 1)"]
    let before = try bench.snapshot(samples)
    var results: [JSONValue] = []
    for answer in try bench.together(places.map { bench.call("ADD", $0) }) {
        results.append(try bench.result(of: answer))
    }
    if makesOrGives(bench.plugin), bench.plugin.type != "static", bench.plugin.interface != "lo" {
        let addresses = results.flatMap { bench.addresses(of: $0) }
        try require(
            Set(addresses).count == addresses.count, "no address twice",
            seen: addresses.joined(separator: " "))
    }
    let calls = zip(places, results).map { bench.call("DEL", $0, after: $1) }
    for answer in try bench.together(calls) { try bench.expectSilence(answer) }
    try bench.expectSame(before, "\(count) ADDs and DELs at once", in: samples)
}
