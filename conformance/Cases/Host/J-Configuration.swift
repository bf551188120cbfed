import JSON
import Suite

extension Clause {
    fileprivate static let highest = sentence(
        "J1", .must,
        """
        `cniVersions` (string list): List of all CNI versions which this configuration supports. [...] runtimes should \
        select the highest version which both support.
        """, format)
    fileprivate static let name = sentence("J2", .must, "`name` (string): Network name.", format)
    fileprivate static let plugins = sentence(
        "J3", .must,
        "`plugins` (list): A list of CNI plugins and their configuration, which is a list of plugin configuration objects.",
        format)
    fileprivate static let disableCheck = sentence(
        "J4", .must,
        "If `disableCheck` is `true`, runtimes must not call `CHECK` for this network configuration list.",
        format)
    fileprivate static let inlinedOnly = sentence(
        "J5", .must,
        "`loadOnlyInlinedPlugins` (boolean): Either `true` or `false`. If `false` (default), indicates [that plugins are] aggregated from multiple sources.",
        format)
    fileprivate static let folder = sentence(
        "J6", .should, "Any valid plugins that are found in the folder named after the network are appended.",
        format)
    fileprivate static let lookup = practice(
        "J7",
        "A network is looked up by name in the files of the directory, sorted by their names; the first one counts."
    )
    fileprivate static let nested = practice(
        "J8", "Directories below the configuration directory are not searched for lists.")
    fileprivate static let type = sentence(
        "J9", .must,
        "`type` (string): Matches the name of the CNI plugin binary on disk. Must not contain characters disallowed in file paths for the system (e.g. / or \\\\).",
        "plugin-configuration-objects")
    fileprivate static let unknown = sentence(
        "J10", .must,
        "The runtime MUST pass through these fields, unchanged, to the plugin, as defined in section 3.",
        "plugin-configuration-objects")
    fileprivate static let validates = practice(
        "J12", "A plugin that does not support the version of the list ends the operation.")
}

private let format = "configuration-format"

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
        Case("cni.J3.plugins", "a list without plugins, or with one that has no type, is refused", .plugins) {
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
            .disableCheck
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
        Case("cni.J6.folder", "plugins of the folder come after those of the list", .folder) {
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
        Case("cni.J10.unchanged", "members the host does not know come through unchanged", .unknown) {
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
