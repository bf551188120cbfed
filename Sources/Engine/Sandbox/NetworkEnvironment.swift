internal import CNIHost
internal import Kernel
internal import NetdClient

/// What the network of containers is made with: where its files are, and the programs that do the work.
package struct NetworkEnvironment: Hashable, Sendable {
    package var paths: EnginePaths
    /// Where plugins are looked for, in order. `CNI_PATH`.
    package var pluginDirectories: [String]

    /// How this host belongs to a cluster. `APUS_OVERLAY`
    package var clusterFile: String

    package init(
        paths: EnginePaths = EnginePaths(), pluginDirectories: [String],
        clusterFile: String = NetdPaths.clusterFile
    ) {
        self.paths = paths
        self.pluginDirectories = pluginDirectories
        self.clusterFile = clusterFile
    }

    /// The host of plugins, with a cache of the engine's own.
    var host: PluginHost {
        PluginHost(directories: pluginDirectories, cache: AttachmentCache(paths.attachments))
    }

    /// Whether containers of users' networks find names: there is a plugin for it.
    var hasNames: Bool { findFile("dns", in: pluginDirectories) != nil }

    /// Where plugins are looked for when nobody says it: beside the program, then where they are installed.
    ///
    /// `search`: `$CNI_PATH`, which goes before all of these; `program`: the path of the program.
    package static func pluginDirectories(search: String?, program: String) -> [String] {
        if let search, !search.isEmpty { return search.split(separator: ":").map(String.init) }
        let home = program.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return [home.joined(separator: "/"), "/opt/cni/bin", "/usr/local/libexec/cni", "/usr/lib/cni"]
    }
}
