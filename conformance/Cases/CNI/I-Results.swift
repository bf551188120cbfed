import JSON
import Suite

extension Clause {
    fileprivate static let oldest = Clause(
        "cni.I1", .must,
        "`ip4`: `ip`: <ipv4-and-subnet-in-CIDR>, `gateway`: <ipv4-of-the-gateway> (optional), `routes`: <list-of-ipv4-routes> (optional)",
        "https://github.com/containernetworking/cni/blob/spec-v0.2.0/SPEC.md#result")
    fileprivate static let middle = Clause(
        "cni.I2", .must,
        "`ips`: `version`: \"<4-or-6>\", `address`: \"<ip-and-prefix-in-CIDR>\", … `interface`: <numeric index into 'interfaces' list>",
        "https://github.com/containernetworking/cni/blob/spec-v0.4.0/SPEC.md#result")
    fileprivate static let newer = sentence(
        "I3", .must,
        "`interface` (uint): the index into the `interfaces` list for a CNI Plugin Result indicating which interface this IP configuration should be applied to.",
        "add-success")
    fileprivate static let newest = sentence(
        "I4", .must,
        "Plugins must output a JSON object with the following keys upon a successful `ADD` operation: … `mtu`: (uint) The MTU of the interface (if applicable).",
        "add-success")
    fileprivate static let sandbox = sentence(
        "I5", .should,
        "For interfaces created inside the container, this should be the value passed via `CNI_NETNS`.",
        "add-success")
    fileprivate static let abbreviated = sentence(
        "I6", .must,
        """
        Delegated IPAM plugins must return an abbreviated Success object. Specifically, it is missing the `interfaces` \
        array, as well as the `interface` entry in `ips`.
        """, "delegated-plugins-ipam")
    fileprivate static let upwards = practice(
        "I7", "A result of an older version is read and answered in the version of the configuration.",
        "https://github.com/containernetworking/cni/tree/main/pkg/types")
    fileprivate static let downwards = practice(
        "I8", "A result of a newer version is written in the older one the configuration has.",
        "https://github.com/containernetworking/cni/tree/main/pkg/types")
    fileprivate static let oneEach = practice(
        "I9",
        "0.1.0 and 0.2.0 have room for one address of each family: more is an error, and nothing is reserved.",
        "https://github.com/containernetworking/plugins/tree/main/plugins/ipam/host-local")
    fileprivate static let optional = practice(
        "I11", "`interface` and `gateway` of an address may be absent in a prevResult.",
        "https://github.com/containernetworking/cni/blob/main/pkg/types/100/types.go")
    fileprivate static let forms = practice(
        "I12",
        "Hardware addresses are six pairs of lower case, IPv6 as RFC 5952 has it, addresses keep their host bits.",
        "https://github.com/containernetworking/cni/blob/main/pkg/types/100/types.go")
}

/// Cases for the shape of results. CNI 1.1.0, section 5 "ADD Success", and the same of older versions.
let resultSection = Section<PluginBench>(
    "I results",
    [
        Case("cni.I1.oldest", "0.1.0 and 0.2.0 have ip4 and ip6", .oldest) { bench throws(Stop) in
            try checksShape(bench, ["0.1.0", "0.2.0"])
        },
        Case("cni.I2.middle", "0.3.0 to 0.4.0 have ips with their family", .middle) { bench throws(Stop) in
            try checksShape(bench, ["0.3.0", "0.3.1", "0.4.0"])
        },
        Case("cni.I3.newer", "1.0.0 has ips without their family", .newer) { bench throws(Stop) in
            try checksShape(bench, ["1.0.0"])
        },
        Case(
            "cni.I4.newest", "1.1.0 has that, and nothing it does not define", .newest,
            needs: [.version("1.1.0")]
        ) { bench throws(Stop) in
            try checksShape(bench, ["1.1.0"])
        },
        Case(
            "cni.I5.sandbox",
            "interfaces in the container have CNI_NETNS as sandbox, those on the host have none", .sandbox,
            for: makesInterfaces
        ) {
            bench throws(Stop) in
            let result = try bench.add()
            for item in bench.interfaces(of: result) {
                try require(
                    ["", bench.first.path].contains(item.sandbox), "CNI_NETNS or nothing as sandbox",
                    seen: result.text)
            }
            let inside = bench.interfaces(of: result).firstIndex { $0.sandbox == bench.first.path }
            for item in result.member("ips")?.elements ?? [] {
                guard let index = item.member("interface")?.integer,
                    item.member("address")?.string?.hasPrefix("127.") == false
                else { continue }
                try require(
                    index == inside.map(Int64.init) ?? -1, "addresses on the container's interface",
                    seen: result.text)
            }
        },
        Case(
            "cni.I6.abbreviated", "an address manager names no interfaces", .abbreviated,
            for: managesAddresses
        ) { bench throws(Stop) in
            for version in bench.plugin.versions where knownVersions.contains(version) {
                let result = try bench.add(version: version)
                try require(result.member("interfaces") == nil, "no interfaces", seen: result.text)
                let ips = result.member("ips")?.elements ?? []
                try require(
                    ips.allSatisfy { $0.member("interface") == nil }, "no interface in ips", seen: result.text
                )
                try bench.expectSilence(bench.run(bench.call("DEL", version: version)))
            }
        },
        Case(
            "cni.I7.upwards", "an older result of the address manager is converted", .upwards, for: delegates
        ) { bench throws(Stop) in
            for version in ["0.2.0", "0.3.1", "0.4.0", "1.0.0"] {
                try converts(bench, from: version, to: bench.plugin.newestVersion)
            }
        },
        Case(
            "cni.I8.downwards", "a newer result of the address manager is converted", .downwards,
            for: delegates
        ) { bench throws(Stop) in
            for version in ["0.2.0", "0.3.1", "0.4.0"] where bench.plugin.supports(version) {
                try converts(bench, from: bench.plugin.newestVersion, to: version)
            }
        },
        Case(
            "cni.I9.one-each", "two addresses of a family in 0.2.0 are an error, and nothing is reserved",
            .oneEach, for: { $0.kind == .ipam && $0.type != "static" }, needs: [.version("0.2.0")]
        ) {
            bench throws(Stop) in
            try bench.warmUp()
            let before = try bench.snapshot()
            let answer = try bench.run(bench.call("ADD", version: "0.2.0")) {
                $0.setAddressManager(
                    "ranges", .literal(#"[[{"subnet":"10.77.0.0/24"}],[{"subnet":"10.79.0.0/24"}]]"#))
            }
            if let result = answer.isSuccess ? try bench.result(of: answer) : nil,
                bench.addresses(of: result).count < 2
            {
                throw Stop.skip("the plugin does not read ipam.ranges")
            }
            try bench.expectError(answer)
            try bench.expectSame(before, "an ADD that failed")
        },
        Case(
            "cni.I11.optional", "addresses without interface and gateway are handed on", .optional,
            for: isChained
        ) { bench throws(Stop) in
            let version = bench.plugin.newestVersion
            let family = version.hasPrefix("0.") ? #""version":"4","# : ""
            let previous = bench.previousResult(bench.first, version).setting(
                "ips", .literal(#"[{\#(family)"address":"10.77.0.5/24"}]"#))
            let answer = try bench.run(bench.call("ADD")) { $0.set("prevResult", previous) }
            try bench.expectHandedOn(bench.unchangeable(previous), bench.result(of: answer))
        },
        Case("cni.I12.forms", "addresses are written as everybody writes them", .forms) {
            bench throws(Stop) in
            let result = try bench.add()
            for item in bench.interfaces(of: result) where !item.mac.isEmpty {
                let isGood =
                    item.mac.utf8.count == 17
                    && item.mac.allSatisfy { $0 == ":" || $0.isNumber || ("a"..."f").contains($0) }
                try require(isGood, "a hardware address like 02:00:5e:10:00:0a", seen: item.mac)
            }
            for address in bench.addresses(of: result) {
                try require(
                    address.contains("/") && address == address.lowercased(),
                    "an address with a prefix length", seen: address)
            }
        },
    ])

/// The result in each of `versions` has the members that version has, and no others.
private func checksShape(_ bench: PluginBench, _ versions: [String]) throws(Stop) {
    let chosen = versions.filter { bench.plugin.supports($0) }
    if chosen.isEmpty { throw Stop.skip("VERSION lists \(bench.plugin.versions.joined(separator: ", "))") }
    for version in chosen {
        guard bench.canAnswer(in: version) else {
            throw Stop.skip("a result of \(version) needs an address, and \(bench.plugin.type) gives none")
        }
        let result = try bench.add(version: version)
        try ResultShape(version).check(result)
        try bench.expectSilence(bench.run(bench.call("DEL", after: result, version: version)))
    }
}

/// The address manager answers in `from`, the plugin in `to`.
private func converts(_ bench: PluginBench, from: String, to: String) throws(Stop) {
    _ = try Delegate(result: bench.delegateResult(from))
    let result = try bench.result(of: bench.run(bench.delegatedCall("ADD", version: to)))
    try require(result.member("cniVersion")?.string == to, "cniVersion \(to)", seen: result.text)
    try require(bench.addresses(of: result).contains("10.77.0.9/24"), "10.77.0.9/24", seen: result.text)
    try ResultShape(to).check(result)
    try bench.expectSilence(bench.run(bench.delegatedCall("DEL", after: result, version: to)))
}
