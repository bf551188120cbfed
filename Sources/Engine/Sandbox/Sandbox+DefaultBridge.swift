internal import CNIHost
internal import Kernel

extension Sandbox {
    /// Has the default bridge there with the host's address on it: containers of all networks reach the host by that, as with Docker.
    ///
    /// Once after each start of the machine: it comes as with its first container, which leaves at once.
    func ensureDefaultBridge() throws(EngineError) {
        guard !interfaceExists("apus0") else { return }
        let bridge = try store.find("bridge")
        guard bridge.bridgeName == "apus0", bridge.driver == "bridge" else { return }
        try store.holding { () throws(EngineError) in
            // Somebody was faster.
            guard !interfaceExists("apus0") else { return }
            let visitor = Sandbox(environment, containerID: newIdentifier())
            try visitor.namespace.make()
            defer { try? visitor.namespace.remove() }
            let configuration = try NetworkRendering(bridge, environment).configuration()
            let parameters = visitor.parameters("eth0")
            try hosting("network bridge") { (host) throws(HostError) in
                _ = try host.add(configuration, parameters)
                try host.delete(configuration.name, configuration, parameters)
            }
        }
    }
}
