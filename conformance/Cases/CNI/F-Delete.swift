import JSON
import Suite

extension Clause {
    fileprivate static let idempotent = sentence(
        "F1", .must,
        """
        Plugins MUST accept multiple `DEL` calls for the same (`CNI_CONTAINERID`, `CNI_IFNAME`) pair, and return success \
        if the interface in question, or any modifications added, are missing.
        """, delete)
    fileprivate static let neverAdded = sentence(
        "F2", .should,
        "Plugins should generally complete a `DEL` action without error even if some resources are missing.",
        delete)
    fileprivate static let withoutNamespace = sentence(
        "F3", .must, "Optional environment parameters: `CNI_NETNS`, `CNI_ARGS`, `CNI_PATH`", delete)
    fileprivate static let goneNamespace = sentence(
        "F4", .should,
        """
        For another example, the `bridge` plugin should delegate the DEL action to the IPAM plugin and clean up its own \
        resources even if the container network namespace and/or container network interface no longer exist.
        """, delete)
    fileprivate static let releases = sentence(
        "F4.release", .should,
        """
        For example, an IPAM plugin should generally release an IP allocation and return success even if the container \
        network namespace no longer exists, unless that network namespace is critical for IPAM management.
        """, delete)
    fileprivate static let withoutResult = Clause(
        "cni.F5", .should,
        "When `CNI_NETNS` and/or `prevResult` are not provided, the plugin should clean up as many resources as possible (e.g. releasing IPAM allocations) and return a successful response.",
        "https://github.com/containernetworking/cni/blob/spec-v0.4.0/SPEC.md#parameters")
    fileprivate static let undoes = sentence(
        "F8", .should,
        """
        A CNI plugin, upon receiving a `DEL` command, should either delete the interface defined by `CNI_IFNAME` inside \
        the container at `CNI_NETNS`, or undo any modifications applied in the plugin's `ADD` functionality.
        """, delete)
    fileprivate static let silent = practice("F9", "DEL prints nothing on standard output.")
    fileprivate static let oldVersions = practice(
        "F10", "Before 0.4.0 a host sends no prevResult with DEL.",
        "https://github.com/containernetworking/cni/blob/main/libcni/api.go")
}

private let delete = "del-remove-container-from-network-or-un-apply-modifications"

/// Cases for DEL. CNI 1.1.0, section 2 "DEL".
let deleteSection = Section<PluginBench>(
    "F DEL",
    [
        Case("cni.F1.twice", "a second DEL succeeds", .idempotent) { bench throws(Stop) in
            let result = try bench.add()
            for _ in 0..<3 { try bench.delete(after: result) }
        },
        Case("cni.F2.never", "DEL of what was never added succeeds, and changes nothing", .neverAdded) {
            bench throws(Stop) in
            try bench.warmUp()
            let other = try bench.another("c2")
            try bench.add()
            try bench.expectNoChange("DEL of a container that was never added") { () throws(Stop) in
                try bench.delete(other)
            }
        },
        Case(
            "cni.F3.no-namespace", "DEL without a namespace cleans all that is on the host", .goneNamespace,
            .releases
        ) { bench throws(Stop) in
            try deletesLate(bench) { $0.variables["CNI_NETNS"] = "" }
        },
        Case("cni.F3.unset", "DEL works with CNI_NETNS unset", .withoutNamespace) { bench throws(Stop) in
            let result = try bench.add()
            let answer = try bench.run(bench.call("DEL", after: result)) {
                $0.variables["CNI_NETNS"] = .some(nil)
            }
            try bench.expectSilence(answer)
        },
        Case(
            "cni.F4.gone", "DEL after the namespace has gone cleans all that is on the host", .goneNamespace,
            .releases
        ) { bench throws(Stop) in
            try deletesLate(bench) { _ in }
        },
        Case("cni.F5.no-result", "DEL without prevResult cleans everything", .withoutResult) {
            bench throws(Stop) in
            try bench.warmUp()
            try bench.expectNoChange("ADD, and DEL without prevResult") { () throws(Stop) in
                try bench.add()
                try bench.expectSilence(bench.run(bench.call("DEL")) { $0.set("prevResult", nil) })
            }
        },
        Case(
            "cni.F6.pieces", "DEL of an interface somebody else deleted succeeds, and cleans the rest",
            .neverAdded,
            for: { $0.kind == .interface && !["lo"].contains($0.interface) && $0.type != "host-device" }
        ) {
            bench throws(Stop) in
            try bench.warmUp()
            try bench.expectNoChange("ADD, the loss of the interface, and DEL") { () throws(Stop) in
                let result = try bench.add()
                if bench.interfaces(of: result).isEmpty {
                    throw Stop.skip("\(bench.plugin.type) makes no interface")
                }
                try bench.ip(in: bench.first, "link", "delete", bench.first.interface)
                try bench.delete(after: result)
            }
        },
        Case(
            "cni.F7.forwards", "the address manager gets DEL, also without a namespace", .executesDelegates,
            for: delegates
        ) { bench throws(Stop) in
            let delegate = try Delegate(result: bench.delegateResult())
            let result = try bench.result(of: bench.run(bench.delegatedCall("ADD")))
            try bench.expectSilence(bench.run(bench.delegatedCall("DEL", after: result)))
            try bench.expectSilence(
                bench.run(bench.delegatedCall("DEL", after: result)) { $0.variables["CNI_NETNS"] = "" })
            let verbs = try delegate.received().map(\.verb).filter { $0 != "VERSION" }
            try require(verbs == ["ADD", "DEL", "DEL"], "ADD, DEL, DEL", seen: verbs.joined(separator: ", "))
        },
        Case("cni.F8.undoes", "DEL takes back all that ADD did", .undoes) { bench throws(Stop) in
            try bench.warmUp()
            try bench.expectNoChange("ADD and DEL") { () throws(Stop) in
                try bench.delete(after: bench.add())
            }
        },
        Case("cni.F8.own", "DEL takes only its own: another container keeps everything", .undoes) {
            bench throws(Stop) in
            if bench.plugin.type == "host-device" { throw Stop.skip("there is one device, so one container") }
            let other = try bench.another("c2")
            try bench.warmUp()
            try bench.add(other)
            try bench.expectNoChange("ADD and DEL of another container") { () throws(Stop) in
                try bench.delete(after: bench.add())
            }
        },
        Case("cni.F9.silent", "DEL prints nothing, in every version", .silent) { bench throws(Stop) in
            for version in bench.plugin.versions where knownVersions.contains(version) {
                try bench.expectSilence(bench.run(bench.call("DEL", version: version)))
            }
        },
        Case(
            "cni.F10.old", "an attachment of 0.3.1 is taken back without prevResult", .oldVersions,
            needs: [.version("0.3.1")]
        ) { bench throws(Stop) in
            try bench.warmUp()
            try bench.expectNoChange("ADD and DEL in version 0.3.1") { () throws(Stop) in
                try bench.add(version: "0.3.1")
                try bench.expectSilence(
                    bench.run(bench.call("DEL", version: "0.3.1")) { $0.set("prevResult", nil) })
            }
        },
    ])

/// ADD, then the end of the container, then DEL: host and files are as before. `edit` changes the DEL.
private func deletesLate(_ bench: PluginBench, _ edit: (inout Call) -> Void) throws(Stop) {
    if bench.plugin.type == "host-device" {
        throw Stop.skip("the device comes back to the host when its namespace goes")
    }
    try bench.warmUp()
    let victim = try bench.another("late")
    try bench.endContainer(victim)
    let before = try bench.snapshot()
    try bench.makeContainer(victim)
    let result = try bench.add(victim)
    try bench.removeNamespace(victim)
    try bench.waitForLinks(before)
    try bench.expectSilence(bench.run(bench.call("DEL", victim, after: result), edit))
    try bench.expectSame(before, "ADD, the end of the namespace, and DEL")
}

extension PluginBench {
    /// Waits until the kernel has taken away the links of a namespace that has gone, two seconds at most.
    ///
    /// It does so in the background. What is still there then is the plugin's to remove.
    func waitForLinks(_ before: Snapshot) throws(Stop) {
        for _ in 0..<100 {
            let left = try before.changes(to: snapshot()).filter { $0.hasPrefix("+ host: link") }
            if left.isEmpty { return }
            wait(milliseconds: 20)
        }
    }
}
