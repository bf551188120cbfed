internal import Kernel

// The door to the container's network.
extension Container {
    /// Whether it stands anywhere what its network is: of a container which is being removed it does not.
    var hasSandbox: Bool { fileExists(folder + "/network.json") }

    var sandbox: Sandbox {
        Sandbox(engine.networkEnvironment, containerID: id)
    }

    func startNetwork() throws(EngineError) {
        // Without it nobody knows what was asked for, and the host's own network is the last thing it may get.
        guard hasSandbox else {
            throw EngineError(
                "cannot start container \(record.name): \(folder)/network.json, which says what its network is, is missing; remove the container and create it anew"
            )
        }
        try sandbox.start()
    }

    func stopNetwork(isLast: Bool) throws(EngineError) {
        if hasSandbox { try sandbox.stop(isLast: isLast) }
    }

    func removeNetwork() throws(EngineError) {
        if hasSandbox { try sandbox.remove() }
    }

    func renameNetwork() throws(EngineError) {
        if hasSandbox { try sandbox.rename(to: record.name) }
    }

    func networkNamespace() throws(EngineError) -> String? {
        try sandbox.namespacePath()
    }

    func networkFiles() throws(EngineError) -> SandboxFiles {
        try sandbox.files()
    }
}

extension ContainerEngine {
    /// What networks are made with.
    package var networkEnvironment: NetworkEnvironment {
        var found = NetworkEnvironment(paths: paths, pluginDirectories: pluginDirectories)
        if let file = environment["APUS_OVERLAY"], !file.isEmpty { found.clusterFile = file }
        return found
    }
}

extension ContainerEngine {
    /// Reads what stands behind `--link`: `CONTAINER[:ALIAS]`, a name or ID.
    package func link(_ text: String) throws(EngineError) -> LinkRequest {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
            throw EngineError("bad format for links: \(text)", .invalid)
        }
        return LinkRequest(containerID: try find(parts[0]).id, alias: parts[parts.count - 1])
    }
}
