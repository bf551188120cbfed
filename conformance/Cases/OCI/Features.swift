import JSON
import Kernel
import Suite

private let page = "features.md"
private let linuxPage = "features-linux.md"

private let minimum = must(
    "features.ociVersionMin",
    "`ociVersionMin` (string, REQUIRED) The minimum recognized version of the Open Container Initiative Runtime Specification. The runtime MUST accept this value as the `ociVersion` property of `config.json`.",
    page + "#specification-version")
private let maximum = must(
    "features.ociVersionMax",
    "`ociVersionMax` (string, REQUIRED) The maximum recognized version of the Open Container Initiative Runtime Specification. The runtime MUST accept this value as the `ociVersion` property of `config.json`.",
    page + "#specification-version")
private let order = must(
    "features.version-order", "The value MUST NOT be less than the value of the `ociVersionMin` property.",
    page + "#specification-version")
private let nothingElse = must(
    "features.nothing-else",
    "The Features structure MUST NOT contain properties that are not defined in this version of the Open Container Initiative Runtime Specification.",
    page + "#specification-version")
private let hooks = must(
    "features.hooks",
    "The runtime MUST support the elements in this array as the `hooks` property of `config.json`.",
    page + "#hooks")
private let mountOptions = must(
    "features.mountOptions",
    "The runtime MUST recognize the elements in this array as the `options` of `mounts` objects in `config.json`.",
    page + "#mount-options")
private let noData = should(
    "features.mountOptions.data",
    "Linux: this array SHOULD NOT contain filesystem-specific mount options that are passed to the mount(2) syscall as `const void *data`.",
    page + "#mount-options")
private let namespaces = must(
    "features.namespaces",
    "The runtime MUST recognize the elements in this array as the `type` of `linux.namespaces` objects in `config.json`.",
    linuxPage + "#namespaces")
private let capabilities = must(
    "features.capabilities",
    "The runtime MUST recognize the elements in this array in the `process.capabilities` object of `config.json`.",
    linuxPage + "#capabilities")
private let actions = must(
    "features.seccomp.actions",
    "The runtime MUST recognize the elements in this array in the `syscalls[].action` property of the `linux.seccomp` object in `config.json`.",
    linuxPage + "#seccomp")
private let operators = must(
    "features.seccomp.operators",
    "The runtime MUST recognize the elements in this array in the `syscalls[].args[].op` property of the `linux.seccomp` object in `config.json`.",
    linuxPage + "#seccomp")
private let archs = must(
    "features.seccomp.archs",
    "The runtime MUST recognize the elements in this array in the `architectures` property of the `linux.seccomp` object in `config.json`.",
    linuxPage + "#seccomp")
private let flags = must(
    "features.seccomp.supportedFlags",
    "The runtime MUST recognize and support the elements in this array in the `flags` property of the `linux.seccomp` object in `config.json`.",
    linuxPage + "#seccomp")
private let policyModes = must(
    "features.memoryPolicy.modes",
    "The runtime MUST recognize the elements in this array as the `mode` of `linux.memoryPolicy` objects in `config.json`.",
    linuxPage + "#memorypolicy")
private let policyFlags = must(
    "features.memoryPolicy.flags",
    "The runtime MUST recognize the elements in this in the `flags` property of the `linux.memoryPolicy` object in `config.json`",
    linuxPage + "#memorypolicy")
private let annotations = must(
    "features.annotations",
    "Annotations MUST be a key-value map that follows the same convention as the Key and Values of the `annotations` property of `config.json`.",
    page + "#annotations")
private let idmap = must(
    "features.idmap",
    "In such cases, runtimes MUST still set this value to `true`, to indicate that the runtime recognises the `uidMappings` and `gidMappings` properties.",
    linuxPage + "#mountextensions")

/// features.md and features-linux.md: what a runtime declares is so.
let featuresSection = Section(
    "features",
    [
        check(
            "oci.features.minimum", "a configuration of ociVersionMin runs", minimum,
            needs: [.featuresDocument]
        ) { bench throws(Stop) in
            try bench.runsAs("ociVersionMin")
        },
        check(
            "oci.features.maximum", "a configuration of ociVersionMax runs", maximum,
            needs: [.featuresDocument]
        ) { bench throws(Stop) in
            try bench.runsAs("ociVersionMax")
        },
        check(
            "oci.features.order", "ociVersionMax is not below ociVersionMin", order,
            needs: [.featuresDocument]
        ) { bench throws(Stop) in
            let (low, high) = (try bench.declared("ociVersionMin"), try bench.declared("ociVersionMax"))
            guard let one = Version(low), let other = Version(high) else {
                throw .finding(expected: "two versions", seen: "\(low) and \(high)")
            }
            try require(one <= other, "ociVersionMax at least \(low)", seen: high)
        },
        check(
            "oci.features.known", "the document has no properties of its own making", nothingElse,
            needs: [.featuresDocument]
        ) { bench throws(Stop) in
            let document = bench.runtime.features ?? .null
            for (path, known) in featureProperties {
                let part = path.isEmpty ? document : bench.runtime.feature(path) ?? .null
                let strangers = part.members.map(\.name).filter { !known.contains($0) }
                try require(
                    strangers.isEmpty,
                    "only properties of the specification in \(path.isEmpty ? "the document" : path)",
                    seen: strangers.joined(separator: ", "))
            }
        },
        check(
            "oci.features.annotations", "annotations are a map of strings", annotations,
            needs: [.featuresDocument]
        ) { bench throws(Stop) in
            for item in bench.runtime.feature("annotations")?.members ?? [] {
                try require(
                    item.value.string != nil && !item.name.isEmpty, "a string for \(item.name)",
                    seen: item.value.text)
            }
        },
        check(
            "oci.features.hooks", "hooks of every declared kind are called", hooks, needs: [.featuresDocument]
        ) { bench throws(Stop) in
            let kinds = bench.runtime.feature("hooks")?.strings ?? []
            try bench.hooks(kinds)
            try bench.lived()
            let called = try bench.hookReports().map(\.name)
            for kind in kinds {
                try require(
                    called.contains(kind + "1"), "a call of the \(kind) hook",
                    seen: called.joined(separator: ", "))
            }
        },
        check(
            "oci.features.mount-options", "every declared mount option is recognized", mountOptions,
            needs: [.featuresDocument], seconds: 120
        ) { bench throws(Stop) in
            try bench.makeTree("tree")
            // An unknown option would go to the file system, and a bind mount has none that takes options: it would pass.
            for option in bench.runtime.feature("mountOptions")?.strings ?? []
            where !mountOptionsThatNeedMore.contains(option) {
                bench.config.set(
                    "mounts", value: .array(Array((bench.config.at("mounts")?.elements ?? []).prefix(3))))
                let isTree = option.hasPrefix("r") && !["ro", "rw", "relatime", "remount"].contains(option)
                bench.config.append(
                    "mounts",
                    isTree
                        ? #"{"destination": "/t", "source": "\#(bench.home)/tree", "options": ["rbind", "\#(option)"]}"#
                        : #"{"destination": "/t", "type": "tmpfs", "source": "t", "options": ["\#(option)"]}"#
                )
                let answer = try bench.create()
                // A kernel may lack what a runtime knows; an option nobody recognized is an argument the kernel finds invalid.
                if !answer.isSuccess {
                    throw .finding(expected: "the option \(option) is recognized", seen: answer.text)
                }
                bench.cleanUp()
            }
        },
        check(
            "oci.features.mount-data", "no declared mount option is one of a file system", noData,
            needs: [.featuresDocument]
        ) { bench throws(Stop) in
            let declared = Set(bench.runtime.feature("mountOptions")?.strings ?? [])
            let wrong = declared.intersection([
                "size", "mode", "uid", "gid", "nr_inodes", "newinstance", "ptmxmode", "hidepid", "lowerdir",
                "upperdir", "workdir",
            ])
            try require(
                wrong.isEmpty, "none of tmpfs, devpts, proc or overlay",
                seen: wrong.sorted().joined(separator: ", "))
        },
        check(
            "oci.features.namespaces", "every declared namespace type is recognized", namespaces,
            needs: [.featuresDocument]
        ) { bench throws(Stop) in
            for type in bench.runtime.feature("linux.namespaces")?.strings ?? [] {
                let file = ["network": "net", "mount": "mnt"][type] ?? type
                guard fileExists("/proc/self/ns/\(file)") else { continue }
                bench.setNamespace(type)
                if type == "user" { try bench.mapUsers() }
            }
            try bench.run("pid").expect("pid", "1")
        },
        check(
            "oci.features.capabilities", "every declared capability is recognized", capabilities,
            needs: [.featuresDocument]
        ) { bench throws(Stop) in
            let names = bench.runtime.feature("linux.capabilities")?.strings ?? []
            let mine = try prepare("a look") { () throws(SystemError) in try currentCapabilities().permitted }
            let possible = names.filter { name in
                capabilityNames.firstIndex(of: name).map { mine & (1 << UInt64($0)) != 0 } ?? false
            }
            bench.config.set("process.capabilities.bounding", value: .array(names.map(JSONValue.string)))
            let seen = try bench.run("capabilities").value("capabilities").member("bounding")?.strings ?? []
            let missing = Set(possible).subtracting(seen)
            try require(
                missing.isEmpty, "every declared capability in the bounding set",
                seen: "missing: " + missing.sorted().joined(separator: " "))
        },
        check(
            "oci.features.seccomp", "every declared action, operator and architecture is recognized", actions,
            operators, archs, needs: [.featuresDocument, .enabled("linux.seccomp.enabled")]
        ) { bench throws(Stop) in
            for action in bench.runtime.feature("linux.seccomp.actions")?.strings ?? []
            where action != "SCMP_ACT_NOTIFY" {
                bench.seccomp(
                    "SCMP_ACT_ALLOW",
                    #"{"names": ["acct"], "action": "\#(action == "SCMP_ACT_ALLOW" ? "SCMP_ACT_ERRNO" : action)"}"#
                )
                try bench.recognizes(action)
            }
            for name in bench.runtime.feature("linux.seccomp.operators")?.strings ?? [] {
                bench.seccomp(
                    "SCMP_ACT_ALLOW",
                    #"{"names": ["acct"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 1, "valueTwo": 1, "op": "\#(name)"}]}"#
                )
                try bench.recognizes(name)
            }
            bench.seccomp("SCMP_ACT_ALLOW", #"{"names": ["acct"], "action": "SCMP_ACT_ERRNO"}"#)
            for name in bench.runtime.feature("linux.seccomp.archs")?.strings ?? []
            where !bigEndianArchitectures.contains(name) {
                bench.config.set("linux.seccomp.architectures", "[\"\(name)\"]")
                try bench.recognizes(name)
            }
        },
        check(
            "oci.features.seccomp-flags", "every supported flag is taken", flags,
            needs: [.featuresDocument, .enabled("linux.seccomp.enabled")]
        ) { bench throws(Stop) in
            for name in bench.runtime.feature("linux.seccomp.supportedFlags")?.strings ?? []
            where name != "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" {
                bench.seccomp("SCMP_ACT_ALLOW", #"{"names": ["acct"], "action": "SCMP_ACT_ERRNO"}"#)
                bench.config.set("linux.seccomp.flags", "[\"\(name)\"]")
                try bench.recognizes(name)
            }
        },
        check(
            "oci.features.memory-policy", "every declared mode and flag of memory policies is recognized",
            policyModes, policyFlags, needs: [.featuresDocument, .kernelFile("/proc/self/numa_maps")]
        ) { bench throws(Stop) in
            for mode in bench.runtime.feature("linux.memoryPolicy.modes")?.strings ?? [] {
                let nodes = ["MPOL_DEFAULT", "MPOL_LOCAL"].contains(mode) ? "" : #", "nodes": "0""#
                bench.config.set("linux.memoryPolicy", #"{"mode": "\#(mode)"\#(nodes)}"#)
                try bench.recognizes(mode)
            }
            for flag in bench.runtime.feature("linux.memoryPolicy.flags")?.strings ?? [] {
                bench.config.set(
                    "linux.memoryPolicy", #"{"mode": "MPOL_BIND", "nodes": "0", "flags": ["\#(flag)"]}"#)
                try bench.recognizes(flag)
            }
        },
        check(
            "oci.features.idmap", "who recognizes mappings of mounts says so", idmap,
            needs: [.featuresDocument]
        ) { bench throws(Stop) in
            guard let declared = bench.runtime.feature("linux.mountExtensions.idmap.enabled") else {
                throw .skip("the document does not say")
            }
            try require(
                declared == .boolean(true) || declared == .boolean(false), "true or false",
                seen: declared.text)
        },
    ])

extension ContainerBench {
    fileprivate func declared(_ name: String) throws(Stop) -> String {
        guard let text = runtime.feature(name)?.string else {
            throw .finding(expected: "\(name) in the features document", seen: "none")
        }
        return text
    }

    fileprivate func runsAs(_ name: String) throws(Stop) {
        config.set("ociVersion", value: .string(try declared(name)))
        try run("pid").expect("pid", "1")
    }

    fileprivate func recognizes(_ word: String) throws(Stop) {
        let answer = try create()
        try require(answer.isSuccess, "\(word) is recognized", seen: answer.text)
        cleanUp()
    }
}
