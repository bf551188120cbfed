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

    func networkNamespace() throws(EngineError) -> String? {
        hasSandbox ? try sandbox.namespacePath() : nil
    }

    func networkFiles() throws(EngineError) -> SandboxFiles {
        hasSandbox ? try sandbox.files() : SandboxFiles()
    }
}
