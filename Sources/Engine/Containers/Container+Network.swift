internal import JSON
internal import Kernel

// The door to the container's network.
extension Container {
    private var hasSandbox: Bool { fileExists(folder + "/network.json") }

    var sandbox: Sandbox {
        Sandbox(
            NetworkEnvironment(paths: engine.paths, pluginDirectories: engine.pluginDirectories),
            containerID: id)
    }

    func createNetwork(_ request: SandboxRequest) throws(EngineError) -> [String] { [] }

    func startNetwork() throws(EngineError) {
        if hasSandbox { try sandbox.start() }
    }

    func stopNetwork() throws(EngineError) {
        if hasSandbox { try sandbox.stop() }
    }

    func removeNetwork() throws(EngineError) {
        if hasSandbox { try sandbox.remove() }
    }

    func renameNetwork() throws(EngineError) {
        if hasSandbox { try sandbox.rename(to: record.name) }
    }

    func networkNamespace() throws(EngineError) -> String? {
        hasSandbox ? try sandbox.namespacePath() : nil
    }

    func networkFiles() throws(EngineError) -> SandboxFiles {
        hasSandbox ? try sandbox.files() : SandboxFiles()
    }

    /// The ports `ps` shows; of a container which does not run there are none.
    func shownPorts(isRunning: Bool) -> [ShownPort] { [] }

    /// The names of its networks, or of the mode in their place.
    func networkNames() -> [String] { [] }

    /// Exposed ports as Docker writes them: `80/tcp`.
    func exposedPorts() -> [String] { [] }

    /// `NetworkSettings` of `inspect`.
    func networkSettings() throws(EngineError) -> JSONValue {
        hasSandbox ? try sandbox.settings() : .object([])
    }

    /// What `HostConfig` says of the network.
    func setNetwork(_ object: inout JSONObject) {}
}
