internal import CNIHost
internal import Kernel

extension NetworkStore {
    /// Removes a network, with its device and its addresses.
    package func remove(_ text: String) throws(EngineError) -> NetworkRecord {
        let network = try find(text)
        guard !network.isPredefined else {
            throw EngineError("\(network.name) is a pre-defined network and cannot be removed", .conflict)
        }
        try holding { () throws(EngineError) in
            guard try self.network(network.id) != nil else {
                throw EngineError("network \(text) not found", .notFound)
            }
            try checkIsUnused(network)
            try takeAway(network)
        }
        return network
    }

    private func checkIsUnused(_ network: NetworkRecord) throws(EngineError) {
        let users = try NetworkUse(environment.paths).attached(to: network.id)
        guard users.isEmpty else {
            let names = users.map { "name:\"\($0.name)\" id:\"\($0.id.prefix(12))\"" }
            throw EngineError(
                "error while removing network: network \(network.name) has active endpoints (\(names.joined(separator: ", ")))",
                .conflict)
        }
        if network.isConfigurationOnly,
            let user = try networks().first(where: { $0.configurationSource == network.name })
        {
            throw EngineError(
                "configuration network \"\(network.name)\" is in use by network \(user.name)", .conflict)
        }
    }

    /// Removes every network no container is in, but for predefined ones and those which lend their configuration.
    ///
    /// - Returns: their names.
    package func prune(_ isMeant: (NetworkRecord) -> Bool) throws(EngineError) -> [String] {
        var removed: [String] = []
        for network in try networks() {
            guard !network.isPredefined, !network.isConfigurationOnly, isMeant(network) else { continue }
            do throws(EngineError) {
                if try removeUnused(network) { removed.append(network.name) }
            } catch {
                // Another host has containers in it, or the cluster does not answer.
                guard network.isGlobal else { throw error }
            }
        }
        return removed
    }

    /// Answers false when a container is in the network, whether it runs or not, or somebody else has removed it.
    private func removeUnused(_ network: NetworkRecord) throws(EngineError) -> Bool {
        try holding { () throws(EngineError) in
            guard try self.network(network.id) != nil,
                try !NetworkUse(environment.paths).networks().contains(network.id)
            else { return false }
            try takeAway(network)
            return true
        }
    }

    /// First what the kernel has, then what is stored: who is killed in between has a network without a device, which the next container
    /// makes again.
    private func takeAway(_ network: NetworkRecord) throws(EngineError) {
        if !network.isConfigurationOnly {
            let configuration = try NetworkRendering(network, environment).newestConfiguration()
            do throws(HostError) {
                try environment.host.collectGarbage(configuration) { _ in [] }
            } catch { throw EngineError("error while removing network: \(error)") }
        }
        if network.isGlobal { try removeOverlay(network) }
        try EngineError.step("remove the network \(network.name)") { () throws(SystemError) in
            try removeTree(network.name, in: environment.paths.addresses)
            try removeFileIfPresent(path(of: network.id))
        }
        environment.paths.tell(
            EngineEvent(
                type: "network", action: "destroy", id: network.id,
                attributes: ["name": network.name, "type": network.driver]))
    }
}
