import JSON
import Kernel
package import Suite

/// A plugin, a host with nothing in it, and a container `c1`.
///
/// For a chained plugin, and one that joins, the container has an interface another plugin made, in words: this suite did.
package final class PluginBench: Bench {
    let plugin: Plugin
    let recorder: Recorder
    /// The attachment that cases are about.
    let first: Attachment
    /// A number for each namespace, for what may not be there twice on a host.
    var numbers: [String: Int64] = [:]

    package init(_ plugin: Plugin, _ recorder: Recorder) throws(Stop) {
        self.plugin = plugin
        self.recorder = recorder
        first = Attachment(
            container: "c1", interface: plugin.interface, namespace: "c1", otherPath: plugin.namespace)
        for command in plugin.preparation { try tool(command) }
        try makeContainer(first)
    }

    /// A container beside the first one, with its own namespace.
    func another(_ name: String) throws(Stop) -> Attachment {
        let made = Attachment(
            container: name, interface: plugin.interface, namespace: name, otherPath: plugin.namespace)
        try makeContainer(made)
        return made
    }

    /// The call of `verb` as a host that knows the plugin would make it.
    func call(_ verb: String, _ attachment: Attachment? = nil, version: String? = nil) -> Call {
        let (attachment, version) = (attachment ?? first, version ?? plugin.newestVersion)
        var configuration = JSONValue.object(
            [
                .init("cniVersion", .string(version)), .init("name", .string("conformance")),
                .init("type", .string(plugin.type)),
            ] + plugin.members)
        if let ports = portMappings(attachment) {
            configuration = configuration.setting("runtimeConfig", ports)
        }
        if plugin.member("netns") == .string(Recipe.namespace) {
            configuration = configuration.setting("netns", .string(attachment.path))
        }
        if plugin.kind == .chained, verb != "GC", verb != "STATUS" {
            configuration = configuration.setting("prevResult", previousResult(attachment, version))
        }
        return Call(verb: verb, attachment: attachment, version: version, configuration: configuration)
    }

    /// `runtimeConfig` with ports of the host which no other container has; `nil` without port mappings.
    private func portMappings(_ attachment: Attachment) -> JSONValue? {
        guard let value = plugin.member("runtimeConfig"), let list = value.member("portMappings") else {
            return nil
        }
        let offset = numbers[attachment.namespace] ?? 0
        let moved = list.elements.map { item in
            item.setting("hostPort", .integer((item.member("hostPort")?.integer ?? 8080) + offset))
        }
        return value.setting("portMappings", .array(moved))
    }

    /// Makes the call.
    @discardableResult
    func run(_ call: Call) throws(Stop) -> Answer {
        try recorder.run(step(call), seconds: call.seconds)
    }

    /// Makes the call after a change.
    @discardableResult
    func run(_ call: Call, _ edit: (inout Call) -> Void) throws(Stop) -> Answer {
        var call = call
        edit(&call)
        return try run(call)
    }

    /// The call as a command.
    func step(_ call: Call) -> Step {
        Step(
            command: [plugin.program] + call.arguments, environment: environment(of: call), input: call.text)
    }

    private func environment(of call: Call) -> [String] {
        var variables: [(String, String?)] = [
            ("PATH", environmentVariable("PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin"),
            ("CNI_COMMAND", call.verb), ("CNI_CONTAINERID", call.attachment.container),
            ("CNI_NETNS", call.attachment.path), ("CNI_IFNAME", call.attachment.interface),
            ("CNI_PATH", plugin.directory),
        ]
        if ["GC", "STATUS", "VERSION"].contains(call.verb) {
            variables.removeAll { ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"].contains($0.0) }
        }
        let changed = call.variables
        let kept = variables.filter { changed[$0.0] == nil }
        let added = changed.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return (kept + added).compactMap { name, value in value.map { "\(name)=\($0)" } }
    }
}

extension PluginBench {
    /// ADD that must succeed; answers the result.
    @discardableResult
    func add(_ attachment: Attachment? = nil, version: String? = nil) throws(Stop) -> JSONValue {
        try result(of: run(call("ADD", attachment, version: version)))
    }

    /// CHECK or DEL with the result of ADD, as a host sends it.
    func call(
        _ verb: String, _ attachment: Attachment? = nil, after result: JSONValue, version: String? = nil
    ) -> Call {
        var call = call(verb, attachment, version: version)
        call.set("prevResult", result)
        return call
    }

    /// DEL that must succeed and say nothing.
    func delete(_ attachment: Attachment? = nil, after result: JSONValue? = nil) throws(Stop) {
        var call = call("DEL", attachment)
        if let result { call.set("prevResult", result) }
        try expectSilence(run(call))
    }

    /// ADD and DEL once, so that what a plugin keeps for all containers is there before anything is compared.
    func warmUp() throws(Stop) {
        let other = try another("warm")
        let result = try add(other)
        try delete(other, after: result)
        try endContainer(other)
    }
}
