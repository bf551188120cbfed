import JSON
import Suite

extension Clause {
    fileprivate static func convention(_ id: String, _ text: String) -> Clause {
        Clause("cni.\(id)", .known, text, conventions)
    }
    fileprivate static let portMappings = convention(
        "M1",
        "`portMappings`: a list of {hostPort, containerPort, protocol, hostIP?} which the host asks for.")
    fileprivate static let ranges = convention(
        "M2",
        "`ipRanges`: a list of lists of {subnet, rangeStart, rangeEnd, gateway}; one address of each outer list."
    )
    fileprivate static let bandwidth = convention(
        "M3", "`bandwidth`: {ingressRate, ingressBurst, egressRate, egressBurst} in bits.")
    fileprivate static let addresses = convention("M5", "`ips`: the addresses which the host asks for.")
    fileprivate static let mac = convention("M6", "`mac`: the hardware address which the host asks for.")
    fileprivate static let aliases = convention("M9", "`aliases`: names of the container in the network.")
    fileprivate static let annotations = convention(
        "M11", "`io.kubernetes.cri.pod-annotations`: a map of strings, where the plugin declares it.")
    fileprivate static let labels = convention(
        "M13", "`args.cni.ips`: addresses; `args.cni.labels`: key and value.")
    fileprivate static let oldArguments = convention("M14", "CNI_ARGS `IP=` and `MAC=`, in capital letters.")
    fileprivate static let anyPredecessor = convention(
        "M15", "A chained plugin takes the result of any interface plugin.")
}

/// Cases for what stands beside the specification. CONVENTIONS.md
let conventionSection = Section<PluginBench>(
    "M conventions",
    [
        Case(
            "cni.M1.ports", "every port mapping that a host can write is taken, and taken back",
            .portMappings, for: isChained, needs: [.capability("portMappings")]
        ) {
            bench throws(Stop) in
            try bench.warmUp()
            let ports = JSONValue.literal(
                #"""
                {"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"},{"hostPort":8081,"containerPort":81,"protocol":"udp"},
                 {"hostPort":8082,"containerPort":82,"protocol":"tcp","hostIP":"127.0.0.1"}]}
                """#)
            let before = try bench.snapshot()
            let answer = try bench.run(bench.call("ADD")) { $0.set("runtimeConfig", ports) }
            let result = try bench.result(of: answer)
            try require(
                bench.snapshot() != before, "rules or a process for the ports", seen: "nothing has changed")
            try bench.expectSilence(
                bench.run(bench.call("DEL", after: result)) { $0.set("runtimeConfig", ports) })
            try bench.expectSame(before, "ADD and DEL of three ports")
        },
        Case(
            "cni.M2.ranges", "the address comes out of ipRanges", .ranges, for: managesAddresses,
            needs: [.capability("ipRanges")]
        ) { bench throws(Stop) in
            let answer = try bench.run(bench.call("ADD")) {
                $0.set(
                    "runtimeConfig",
                    .literal(
                        #"{"ipRanges":[[{"subnet":"10.80.0.0/24","rangeStart":"10.80.0.100","rangeEnd":"10.80.0.110"}]]}"#
                    ))
            }
            let found = bench.addresses(of: try bench.result(of: answer))
            try require(
                found.contains { $0.hasPrefix("10.80.0.1") }, "an address from 10.80.0.100 to 10.80.0.110",
                seen: answer.text)
        },
        Case(
            "cni.M3.bandwidth", "a bandwidth of the host is taken, and taken back", .bandwidth,
            for: { $0.type == "bandwidth" }
        ) { bench throws(Stop) in
            let limits = JSONValue.literal(
                #"{"bandwidth":{"ingressRate":1000000,"ingressBurst":1000000,"egressRate":1000000,"egressBurst":1000000}}"#
            )
            let before = try bench.snapshot()
            let result = try bench.result(
                of: bench.run(bench.call("ADD")) { $0.set("runtimeConfig", limits) })
            try require(bench.snapshot() != before, "a queue for the link", seen: "nothing has changed")
            try bench.expectSilence(
                bench.run(bench.call("DEL", after: result)) { $0.set("runtimeConfig", limits) })
            try bench.expectSame(before, "ADD and DEL with a bandwidth")
        },
        Case(
            "cni.M5.addresses", "the address of runtimeConfig.ips is given", .addresses,
            for: managesAddresses, needs: [.capability("ips")]
        ) { bench throws(Stop) in
            let answer = try bench.run(bench.call("ADD")) {
                $0.set("runtimeConfig", .literal(#"{"ips":["10.77.0.42/24"]}"#))
            }
            let found = bench.addresses(of: try bench.result(of: answer))
            try require(found == ["10.77.0.42/24"], "10.77.0.42/24", seen: answer.text)
        },
        Case(
            "cni.M6.mac", "the hardware address of runtimeConfig.mac is given, and in the result", .mac,
            for: makesInterfaces, needs: [.capability("mac")]
        ) {
            bench throws(Stop) in
            let answer = try bench.run(bench.call("ADD")) {
                $0.set("runtimeConfig", .literal(#"{"mac":"02:aa:bb:cc:dd:ee"}"#))
            }
            let inside = bench.interfaces(of: try bench.result(of: answer)).filter {
                $0.sandbox == bench.first.path
            }
            try require(
                inside.map(\.mac) == ["02:aa:bb:cc:dd:ee"], "02:aa:bb:cc:dd:ee in the result",
                seen: answer.text)
            try require(
                bench.realMAC(bench.first) == "02:aa:bb:cc:dd:ee", "02:aa:bb:cc:dd:ee on the link",
                seen: bench.realMAC(bench.first))
        },
        Case("cni.M9.aliases", "aliases are taken, or not noticed", .aliases) { bench throws(Stop) in
            try takes(bench, #"{"aliases":["web","www.example"]}"#)
        },
        Case("cni.M11.annotations", "annotations of a pod are taken, or not noticed", .annotations) {
            bench throws(Stop) in
            try takes(bench, #"{"io.kubernetes.cri.pod-annotations":{"a.example/b":"c"}}"#)
        },
        Case(
            "cni.M13.args", "the address of args.cni.ips is given", .labels, for: managesAddresses,
            needs: [.capability("ips")]
        ) { bench throws(Stop) in
            let written = bench.plugin.type == "static" ? "10.77.0.43/24" : "10.77.0.43"
            let answer = try bench.run(bench.call("ADD")) {
                $0.set(
                    "args", .literal(#"{"cni":{"ips":["\#(written)"],"labels":[{"key":"a","value":"b"}]}}"#))
            }
            try require(
                bench.addresses(of: try bench.result(of: answer)) == ["10.77.0.43/24"], "10.77.0.43/24",
                seen: answer.text)
        },
        Case(
            "cni.M14.ip", "the address of IP= in CNI_ARGS is given", .oldArguments, for: managesAddresses,
            needs: [.capability("ips")]
        ) { bench throws(Stop) in
            let written = bench.plugin.type == "static" ? "10.77.0.44/24" : "10.77.0.44"
            let answer = try bench.run(bench.call("ADD")) {
                $0.variables["CNI_ARGS"] = "IgnoreUnknown=1;IP=\(written)"
            }
            let found = bench.addresses(of: try bench.result(of: answer))
            try require(found.contains("10.77.0.44/24"), "10.77.0.44/24", seen: answer.text)
        },
        Case(
            "cni.M14.mac", "the hardware address of MAC= in CNI_ARGS is given", .oldArguments,
            for: makesInterfaces, needs: [.capability("mac")]
        ) { bench throws(Stop) in
            let answer = try bench.run(bench.call("ADD")) {
                $0.variables["CNI_ARGS"] = "IgnoreUnknown=1;MAC=02:aa:bb:cc:dd:ef"
            }
            try bench.result(of: answer)
            try require(
                bench.realMAC(bench.first) == "02:aa:bb:cc:dd:ef", "02:aa:bb:cc:dd:ef",
                seen: bench.realMAC(bench.first))
        },
        Case(
            "cni.M15.any", "a result with one interface, or with more addresses, is taken", .anyPredecessor,
            for: isChained
        ) { bench throws(Stop) in
            let version = bench.plugin.newestVersion
            let previous = bench.previousResult(bench.first, version)
            let family = version.hasPrefix("0.") ? #""version":"6","# : ""
            let ips =
                (previous.member("ips")?.elements ?? []) + [
                    .literal(#"{\#(family)"interface":1,"address":"fd77::5/64","gateway":"fd77::1"}"#)
                ]
            let answer = try bench.run(bench.call("ADD")) {
                $0.set("prevResult", previous.setting("ips", .array(ips)))
            }
            try bench.result(of: answer)
        },
    ])

/// ADD and DEL with `runtimeConfig` work.
private func takes(_ bench: PluginBench, _ runtimeConfig: String) throws(Stop) {
    let edit: (inout Call) -> Void = { call in
        guard case .object(let members) = JSONValue.literal(runtimeConfig) else { return }
        var value = call.configuration.member("runtimeConfig") ?? .object([])
        for member in members { value = value.setting(member.name, member.value) }
        call.set("runtimeConfig", value)
    }
    let result = try bench.result(of: bench.run(bench.call("ADD"), edit))
    try bench.expectSilence(bench.run(bench.call("DEL", after: result), edit))
}
