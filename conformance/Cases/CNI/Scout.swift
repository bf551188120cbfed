import JSON
import Kernel
package import Suite

/// Finds out what a plugin is: which versions it supports, and what it does in a chain.
package struct Scout: Bench {
    /// The plugin as far as the command line tells it; its kind is a guess.
    private let plugin: Plugin
    private let recorder: Recorder

    package init(_ plugin: Plugin, _ recorder: Recorder) {
        self.plugin = plugin
        self.recorder = recorder
    }

    /// The facts the two cases below note down.
    package enum Fact: String {
        case versions, kind
    }

    /// Asks for the versions. The fact is a list with spaces between them.
    package static let versions = Section<Scout>(
        "versions",
        [
            Case("versions", "it says which versions it supports") { scout throws(Stop) in
                scout.recorder.note(Fact.versions.rawValue, try scout.versions().joined(separator: " "))
            }
        ])

    /// Tries what the plugin is.
    package static let kind = Section<Scout>(
        "kind",
        [
            Case("kind", "it is a plugin of some kind") { scout throws(Stop) in
                scout.recorder.note(Fact.kind.rawValue, try scout.kind().rawValue)
            }
        ])

    private func versions() throws(Stop) -> [String] {
        // With all variables, as hosts ask; a case looks whether it needs them.
        let environment = ["VERSION", "dummy", "dummy", "dummy", "dummy"]
        let names = ["CNI_COMMAND", "CNI_NETNS", "CNI_IFNAME", "CNI_PATH", "CNI_CONTAINERID"]
        let step = Step(
            command: [plugin.program], environment: zip(names, environment).map { "\($0)=\($1)" },
            input: #"{"cniVersion":"1.0.0"}"#)
        let answer = try recorder.run(step)
        do throws(JSONError) {
            let object = JSONReader(try JSONValue(parsing: Array(answer.output.utf8)))
            // One without a list is taken at its word in everything, so that the cases find what is wrong.
            return try object.optional("supportedVersions")?.strings() ?? knownVersions
        } catch {
            throw .trouble(
                "\(plugin.program) does not answer VERSION like a CNI plugin (\(error)): \(answer.text)")
        }
    }

    /// ADD with nothing before it says what the plugin is: what it made, or that something is missing.
    private func kind() throws(Stop) -> Plugin.Kind {
        var seen = ""
        for kind in Plugin.Kind.allCases {
            var guess = plugin
            guess.kind = kind
            if kind == .ipam, guess.addressManager == nil {
                guess.members.append(.init("ipam", Recipe.addresses(guess.type)))
            }
            let bench = try PluginBench(guess, recorder)
            let answer = try bench.run(bench.call("ADD"))
            defer { _ = try? bench.removeNamespace(bench.first) }
            seen += "\nas \(kind.rawValue): \(answer.text)"
            guard answer.isSuccess else { continue }
            if kind == .chained { return kind }
            let result = try bench.result(of: answer)
            return bench.interfaces(of: result).isEmpty && !bench.addresses(of: result).isEmpty
                ? .ipam : .interface
        }
        throw .trouble(
            "cannot tell what kind of plugin \(plugin.type) is; give --profile, or a --config it accepts:\(seen)"
        )
    }
}
