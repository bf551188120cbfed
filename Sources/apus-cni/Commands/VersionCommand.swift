import CNIHost
import CNISpec
import CommandWords
import JSON

/// `version [NETWORK]`: this program's version, or what the plugins of a network support.
struct VersionCommand: Command {
    static var verb: CommandWords.Verb {
        CommandWords.Verb(
            "version", "show this program's version, or those a network's plugins support",
            usage: "[NETWORK]",
            subject: "network", positionals: 0...2, options: Settings.commonOptions,
            details:
                "With NETWORK, it fails when a plugin is missing or does not support the network's version.")
    }

    private let network: String?

    init(_ arguments: Arguments) throws(Failure) { network = arguments.positionals.first }

    func run(_ settings: Settings) throws(Failure) -> Int32 {
        guard let name = network else {
            try printOut(versionText())
            return 0
        }
        let network = try settings.network(named: name)
        let plugins = try settings.tell { () throws(HostError) in try settings.host.versions(network) }
        if settings.answersJSON {
            try printOut(json(network, plugins).text + "\n")
        } else {
            let rows = plugins.map { [$0.type, $0.supported.joined(separator: " "), $0.path] }
            try printOut(
                "\(network.name): \(network.version)\n"
                    + alignedTable([["PLUGIN", "VERSIONS", "PROGRAM"]] + rows))
        }
        let old = plugins.filter { !$0.supported.contains(network.version.rawValue) }
        try throwAll(
            old.map { Failure("\(HostError.unsupportedVersion(plugin: $0.type, network.version))") })
        return 0
    }

    private func json(
        _ network: NetworkConfiguration, _ plugins: [PluginHost.PluginVersions]
    ) -> JSONValue {
        var object = JSONObject()
        object.set("name", network.name)
        object.set("cniVersion", network.version.rawValue)
        object.set("plugins", plugins) { plugin in
            var object = JSONObject()
            object.set("type", plugin.type)
            object.set("path", plugin.path)
            object.set("supportedVersions", plugin.supported)
            return object.value
        }
        return object.value
    }
}
