import JSON
import Suite

extension Clause {
    fileprivate static let onlyCommand = sentence(
        "D1", .must, "Required environment parameters: `CNI_COMMAND`", "version-probe-plugin-version-support")
    fileprivate static let keys = sentence(
        "D2", .must,
        "Plugins must output a JSON object with the following keys upon a `VERSION` operation: … `supportedVersions`: A list of supported specification versions",
        "version-success")
    fileprivate static let output = sentence(
        "D2.output", .should,
        "The plugin should output via standard-out a json-serialized version result object (see below).",
        "version-probe-plugin-version-support")
    fileprivate static let echo = sentence(
        "D3", .must, "`cniVersion`: The value of `cniVersion` specified on input", "version-success")
    fileprivate static let meansIt = practice(
        "D4", "A plugin accepts the versions which it lists, and refuses all others with error 1.")
    fileprivate static let dummies = practice(
        "D6", "Hosts send VERSION with `dummy` in CNI_NETNS, CNI_IFNAME and CNI_PATH.",
        "https://github.com/containernetworking/cni/blob/main/pkg/version/plugin.go")
}

/// Cases for VERSION. CNI 1.1.0, sections 2 "VERSION" and 5 "Version".
let versionSection = Section<PluginBench>(
    "D VERSION",
    [
        Case("cni.D1.alone", "VERSION needs CNI_COMMAND alone", .onlyCommand) { bench throws(Stop) in
            let answer = try bench.run(bench.call("VERSION")) { $0.variables["CNI_PATH"] = .some(nil) }
            try bench.result(of: answer)
        },
        Case("cni.D2.keys", "the answer has cniVersion and a list of versions", .keys, .output) {
            bench throws(Stop) in
            let answer = try bench.run(bench.call("VERSION"))
            let object = try bench.result(of: answer)
            try require(object.member("cniVersion")?.string != nil, "a cniVersion", seen: answer.text)
            let versions = object.member("supportedVersions")?.elements ?? []
            try require(
                !versions.isEmpty && versions.allSatisfy { $0.string?.split(separator: ".").count == 3 },
                "supportedVersions, a list of versions of three numbers", seen: answer.text)
        },
        // All references answer with their own newest version. Right all the same: the sentence leaves no room.
        Case("cni.D3.echo", "the answer repeats the version of the question", .echo) { bench throws(Stop) in
            for version in bench.plugin.versions {
                let answer = try bench.run(bench.call("VERSION", version: version)) {
                    $0.input = #"{"cniVersion":"\#(version)"}"#
                }
                let object = try bench.result(of: answer)
                try require(
                    object.member("cniVersion")?.string == version, "cniVersion \(version), as it was asked",
                    seen: answer.text)
            }
        },
        Case("cni.D4.listed", "what is listed is accepted, what is not is refused", .meansIt) {
            bench throws(Stop) in
            for version in knownVersions {
                let answer = try bench.run(bench.call("ADD", version: version))
                guard bench.plugin.supports(version) else {
                    try bench.expectError(answer, 1)
                    continue
                }
                let refused = answer.isSuccess ? nil : try bench.expectError(answer).member("code")?.integer
                try require(refused != 1, "version \(version), which is listed", seen: answer.text)
                try bench.expectSilence(bench.run(bench.call("DEL", version: version)))
            }
        },
        Case("cni.D6.dummies", "VERSION works with words in place of paths", .dummies) { bench throws(Stop) in
            let answer = try bench.run(bench.call("VERSION")) {
                for name in ["CNI_NETNS", "CNI_IFNAME", "CNI_PATH", "CNI_CONTAINERID"] {
                    $0.variables[name] = "dummy"
                }
            }
            try bench.result(of: answer)
        },
    ])
