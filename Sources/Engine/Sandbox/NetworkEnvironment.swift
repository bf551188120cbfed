/// What the network of containers is made with: where its files are, and the programs that do the work.
package struct NetworkEnvironment: Hashable, Sendable {
    package var paths: EnginePaths
    /// Where plugins are looked for, in order. `CNI_PATH`.
    package var pluginDirectories: [String]

    package init(paths: EnginePaths = EnginePaths(), pluginDirectories: [String]) {
        self.paths = paths
        self.pluginDirectories = pluginDirectories
    }
}
