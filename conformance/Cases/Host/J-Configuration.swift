import JSON
import Suite

extension Clause {
    fileprivate static let highest = sentence(
        "J1", .must,
        """
        CNI runtimes MUST select the highest supported version from the set of network configuration versions given by \
        the `cniVersion` and `cniVersions` fields.
        """, "version-considerations")
    fileprivate static let name = sentence("J2", .must, "`name` (string): Network name.", format)
    fileprivate static let nameCharacters = sentence(
        "J2.characters", .must,
        """
        Must start with an alphanumeric character, optionally followed by any combination of one or more alphanumeric \
        characters, underscore, dot (.) or hyphen (-). Must not contain characters disallowed in file paths.
        """, format)
    fileprivate static let plugins = sentence(
        "J3", .must,
        "`plugins` (list): A list of inlined plugin configuration objects.", format)
    fileprivate static let validated = sentence(
        "J3.validated", .must,
        """
        All aggregated plugin configuration objects must be validated, and each plugin with a valid configuration object \
        must be invoked.
        """, objects)
    fileprivate static let disableCheck = sentence(
        "J4", .must,
        "If `disableCheck` is `true`, runtimes must not call `CHECK` for this network configuration list.",
        format)
    fileprivate static let noCheck = sentence(
        "J4.check", .must,
        "A runtime must not call `CHECK` if `disableCheck` is set to `true` in the configuration.",
        "check-check-containers-networking-is-as-expected")
    fileprivate static let inlinedOnly = sentence(
        "J5", .must,
        """
        If set to `true`, indicates that valid plugin configuration objects aggregated from sources other than the main \
        network configuration will be ignored.
        """, format)
    fileprivate static let inlinedNone = sentence(
        "J5.none", .must,
        "If `plugins` is not present in the network configuration, `loadOnlyInlinedPlugins` cannot be set to `true`.",
        format)
    fileprivate static let folder = sentence(
        "J6", .must,
        """
        Any valid plugin configuration objects aggregated from other sources must be appended to the final list of \
        `plugins` for that network name.
        """, format)
    fileprivate static let oneNetwork = sentence(
        "J6.one", .must,
        """
        Runtimes may aggregate plugin configuration objects from multiple sources, and must unambiguously associate each \
        loaded plugin configuration object with a single, valid network configuration.
        """, objects)
    fileprivate static let lookup = practice(
        "J7",
        "A network is looked up by name in the files of the directory, sorted by their names; the first one counts."
    )
    fileprivate static let nested = practice(
        "J8", "Directories below the configuration directory are not searched for lists.")
    fileprivate static let type = sentence(
        "J9", .must,
        "`type` (string): Matches the name of the CNI plugin binary on disk. Must not contain characters disallowed in file paths for the system (e.g. / or \\\\).",
        objects)
    fileprivate static let unknown = sentence(
        "J10", .must,
        "The runtime MUST pass through these fields, unchanged, to the invoked plugin, as defined in section 3.",
        objects)
    fileprivate static let preserves = sentence(
        "J10.preserves", .must,
        "Runtimes must preserve unknown fields in plugin configuration objects when transforming for execution.",
        objects)
    fileprivate static let unaltered = sentence(
        "J10.unaltered", .should,
        "All other fields not prefixed with `cni.dev/` should be passed through unaltered.",
        "deriving-request-configuration-from-plugin-configuration")
    fileprivate static let validates = practice(
        "J12", "A plugin that does not support the version of the list ends the operation.")
}

private let format = "configuration-format"
private let objects = "plugin-configuration-objects"

/// Cases for reading configurations. CNI 1.1.0, section 1.
let configurationSection = Section<HostBench>(
    "J configuration",
    [
        Case("cni.J1.highest", "of several versions the highest one that the host knows is used", .highest) {
            bench throws(Stop) in
            try bench.write(version: "0.4.0", list: #""cniVersions":["0.3.1","0.4.0","1.0.0","99.0.0"]"#)
            let calls = try bench.calls { () throws(Stop) in try bench.succeed("add") }
            let version = calls.first?.member("cniVersion") ?? .null
            try require(version == .string("1.0.0"), "cniVersion 1.0.0", seen: version.text)
        },
        Case("cni.J2.name", "a list without a name is refused", .name) { bench throws(Stop) in
            try bench.write(
                file: "10-net.conflist", #"{"cniVersion":"1.0.0","plugins":[{"type":"rec-one"}]}"#)
            let calls = try bench.calls { () throws(Stop) in try bench.fail("add") }
            try bench.expect([], calls)
        },
        Case("cni.J2.characters", "a list with a name that is no file name is refused", .nameCharacters) {
            bench throws(Stop) in
            try bench.needNames()
            for name in ["a/b", "../net", "-net", ".net", "a b", "a:b"] {
                try bench.write(name, file: "10-net.conflist")
                try bench.expect([], bench.calls { () throws(Stop) in try bench.fail("add", name) })
            }
        },
        Case(
            "cni.J3.plugins", "a list without plugins, or with one that has no type, is refused", .plugins,
            .validated
        ) {
            bench throws(Stop) in
            for plugins in ["[]", "{}", "[{}]", #"[{"type":"rec-one"},{"keyA":1}]"#, "[7]"] {
                try bench.write(
                    file: "10-net.conflist", #"{"cniVersion":"1.0.0","name":"net","plugins":\#(plugins)}"#)
                let calls = try bench.calls { () throws(Stop) in try bench.fail("add") }
                try bench.expect([], calls)
            }
        },
        Case(
            "cni.J4.disable-check", "with disableCheck no plugin gets CHECK, and the host is content",
            .disableCheck, .noCheck
        ) { bench throws(Stop) in
            try bench.write(list: #""disableCheck":true"#)
            try bench.succeed("add")
            let calls = try bench.calls { () throws(Stop) in try bench.succeed("check") }
            try bench.expect([], calls)
        },
        Case("cni.J5.inlined", "loadOnlyInlinedPlugins leaves the folder aside", .inlinedOnly) {
            bench throws(Stop) in
            try bench.write(file: "net/10-more.conf", #"{"type":"rec-two"}"#)
            try bench.write(
                file: "10-net.conflist",
                #"{"cniVersion":"1.0.0","name":"net","loadOnlyInlinedPlugins":true,"plugins":[{"type":"rec-one"}]}"#
            )
            try bench.expect(["ADD rec-one"], bench.calls { () throws(Stop) in try bench.succeed("add") })
        },
        Case(
            "cni.J5.none", "a list without plugins that has loadOnlyInlinedPlugins is refused", .inlinedNone
        ) { bench throws(Stop) in
            try bench.write(file: "net/10-more.conf", #"{"type":"rec-two"}"#)
            try bench.write(
                file: "10-net.conflist", #"{"cniVersion":"1.0.0","name":"net","loadOnlyInlinedPlugins":true}"#
            )
            try bench.expect([], bench.calls { () throws(Stop) in try bench.fail("add") })
        },
        Case(
            "cni.J6.other", "the folder of another network adds nothing", .oneNetwork
        ) { bench throws(Stop) in
            try bench.write(file: "other/10-more.conf", #"{"type":"rec-two"}"#)
            try bench.write(
                file: "10-net.conflist",
                #"{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"rec-one"}]}"#)
            try bench.write(
                file: "20-other.conflist",
                #"{"cniVersion":"1.0.0","name":"other","plugins":[{"type":"rec-three"}]}"#)
            try bench.expect(["ADD rec-one"], bench.calls { () throws(Stop) in try bench.succeed("add") })
        },
        Case("cni.J6.folder", "plugins of the folder come after those of the list", .folder, .validated) {
            bench throws(Stop) in
            try bench.write(file: "net/20-b.conf", #"{"type":"rec-three"}"#)
            try bench.write(file: "net/10-a.conf", #"{"type":"rec-two"}"#)
            try bench.write(
                file: "10-net.conflist",
                #"{"cniVersion":"1.0.0","name":"net","loadOnlyInlinedPlugins":false,"plugins":[{"type":"rec-one"}]}"#
            )
            try bench.expect(
                ["ADD rec-one", "ADD rec-two", "ADD rec-three"],
                bench.calls { () throws(Stop) in try bench.succeed("add") })
        },
        Case("cni.J7.first", "the first file with the name counts", .lookup) { bench throws(Stop) in
            try bench.needNames()
            try bench.write(
                file: "20-b.conflist", #"{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"rec-two"}]}"#)
            try bench.write(
                file: "10-a.conflist", #"{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"rec-one"}]}"#)
            try bench.write(
                file: "05-other.conflist",
                #"{"cniVersion":"1.0.0","name":"other","plugins":[{"type":"rec-three"}]}"#)
            try bench.expect(["ADD rec-one"], bench.calls { () throws(Stop) in try bench.succeed("add") })
        },
        Case("cni.J7.single", "a single plugin's file is a list of one", .lookup) { bench throws(Stop) in
            try bench.write(
                file: "10-net.conf", #"{"cniVersion":"1.0.0","name":"net","type":"rec-one","keyA":1}"#)
            try bench.expect(["ADD rec-one"], bench.calls { () throws(Stop) in try bench.succeed("add") })
        },
        Case("cni.J7.unknown", "a network nobody configured is an error", .lookup) { bench throws(Stop) in
            try bench.needNames()
            try bench.write()
            try bench.expect([], bench.calls { () throws(Stop) in try bench.fail("add", "absent") })
        },
        Case("cni.J8.nested", "a list in a folder of another name is not found", .nested) {
            bench throws(Stop) in
            try bench.write(
                file: "deeper/10-net.conflist",
                #"{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"rec-one"}]}"#)
            try bench.expect([], bench.calls { () throws(Stop) in try bench.fail("add") })
        },
        Case("cni.J9.path", "a type with a slash is refused, one that is nowhere, too", .type) {
            bench throws(Stop) in
            for type in ["../plugins/rec-one", "/run/conformance/plugins/rec-one", "no-such-plugin"] {
                try bench.write(
                    file: "10-net.conflist",
                    #"{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"\#(type)"}]}"#)
                try bench.expect([], bench.calls { () throws(Stop) in try bench.fail("add") })
            }
        },
        Case(
            "cni.J10.unchanged", "members the host does not know come through unchanged", .unknown,
            .preserves, .unaltered
        ) {
            bench throws(Stop) in
            let members =
                #""keyA":["some more",{"b":null,"c":[1,2.5,-3e7]}],"dns":{"nameservers":["10.1.0.1"]},"big":9007199254740993"#
            try bench.write(plugins: [members])
            let calls = try bench.calls { () throws(Stop) in try bench.succeed("add") }
            for name in ["keyA", "dns"] {
                let sent = JSONValue.literal("{\(members)}").member(name) ?? .null
                let received = calls.first?.member(name) ?? .null
                try require(sameNumbers(received, sent), "\(name): \(sent.text)", seen: received.text)
            }
        },
        Case("cni.J10.big", "a number beyond 2^53 comes through unchanged", .unknown) { bench throws(Stop) in
            try bench.write(plugins: [#""big":9007199254740993"#])
            let calls = try bench.calls { () throws(Stop) in try bench.succeed("add") }
            try require(
                calls.first?.text.contains("9007199254740993") ?? false, "9007199254740993",
                seen: calls.first?.text ?? "no call")
        },
        Case("cni.J12.version", "a plugin that does not support the version ends the ADD", .validates) {
            bench throws(Stop) in
            let only = #"{"cniVersion":"0.4.0","supportedVersions":["0.3.1","0.4.0"]}"#
            try bench.plugins.answer("rec-two", "VERSION", only)
            // A host may ask first, or have the plugin say so.
            let refusal = #"{"cniVersion":"0.4.0","code":1,"msg":"incompatible CNI versions"}"#
            try bench.plugins.answer("rec-two", "ADD", refusal, code: 1)
            try bench.write()
            let calls = try bench.calls { () throws(Stop) in try bench.fail("add") }
            try require(
                !calls.map(\.word).contains("ADD rec-three"), "no ADD of what comes behind it",
                seen: calls.map(\.word).joined(separator: ", "))
        },
    ])

/// Equal, whichever way a number is written.
private func sameNumbers(_ one: JSONValue, _ other: JSONValue) -> Bool {
    switch (one, other) {
    case (.object(let left), .object(let right)):
        left.count == right.count
            && right.allSatisfy { sameNumbers(one.member($0.name) ?? .boolean(true), $0.value) }
    case (.array(let left), .array(let right)):
        left.count == right.count && zip(left, right).allSatisfy { sameNumbers($0, $1) }
    case (.string, _), (.boolean, _), (.null, _): one == other
    default: Double(one.text) == Double(other.text)
    }
}
