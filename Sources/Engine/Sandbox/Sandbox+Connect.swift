internal import Kernel

extension Sandbox {
    /// Attaches the container to a network: at once when it runs, else with its next start.
    package func connect(_ request: EndpointRequest) throws(EngineError) {
        try holding { () throws(EngineError) in
            var record = try record()
            try checkCanConnect(record, request)
            let isRunning = record.isRunning(containerID, paths)
            let networks = try intend(request, &record, isRunning)
            guard isRunning else { return }
            let index = record.endpoints.count - 1
            do throws(EngineError) {
                try attach(index, networks[index], &record)
                try join(index, networks, &record)
                try record.write(paths)
            } catch {
                // The first error is the one to tell.
                try? leave(index, &record)
                throw error
            }
            tell("connect", record.endpoints[index], networks[index])
        }
    }

    /// Writes the intent down: who is killed then leaves an endpoint which the next start attaches. Answers the networks of all
    /// endpoints, which nobody removes from then on while the container runs.
    private func intend(
        _ request: EndpointRequest, _ record: inout SandboxRecord, _ isRunning: Bool
    ) throws(EngineError) -> [NetworkRecord] {
        try store.holding(shared: true) { () throws(EngineError) in
            try add(request, to: &record)
            let index = record.endpoints.count - 1
            guard isRunning else {
                try record.write(paths)
                return []
            }
            let networks = try networks(of: record)
            record.endpoints[index].interface = freeInterface(for: index, networks[index], in: record)
            try record.write(paths)
            return networks
        }
    }

    private func checkCanConnect(
        _ record: SandboxRecord, _ request: EndpointRequest
    ) throws(EngineError) {
        switch record.request.mode {
        case .container, .host:
            _ = try store.find(request.network)
            throw EngineError(
                "container sharing network namespace with another container or host cannot be connected to any other network",
                .conflict)
        case .none:
            _ = try store.find(request.network)
            throw EngineError(
                "container cannot be connected to multiple networks with one of the networks in private (none) mode",
                .conflict)
        case .networks: break
        }
    }

    /// The way out, ports, files and names with the new endpoint.
    private func join(
        _ index: Int, _ networks: [NetworkRecord], _ record: inout SandboxRecord
    ) throws(EngineError) {
        try lead(&record, networks)
        try writeHosts(record)
        guard environment.hasNames, !networks[index].isDefaultBridge else { return }
        record.usesResolver = true
        try writeResolver(&record)
        try name(record.endpoints[index], networks[index], record)
    }

    /// Takes an endpoint away, and elects the way out anew.
    private func leave(_ index: Int, _ record: inout SandboxRecord) throws(EngineError) {
        let entry = record.endpoints[index]
        if record.publisher == entry.interface { try unpublish(&record) }
        let gateways = entry.attached?.gateways ?? []
        if record.way?.gateways.contains(where: gateways.contains) ?? false { try removeWay(&record) }
        try forgetNames(entry)
        try detach(index, &record)
        record.endpoints.remove(at: index)
        try record.write(paths)
        try lead(&record, try networks(of: record))
        try writeHosts(record)
        try record.write(paths)
    }

    /// Detaches the container from a network, by name or ID. `force`: errors of plugins are passed over.
    package func disconnect(_ network: String, force: Bool) throws(EngineError) {
        try holding { () throws(EngineError) in
            var record = try record()
            let index = try index(of: network, in: record)
            let entry = record.endpoints[index]
            guard record.isRunning(containerID, paths) else {
                record.endpoints.remove(at: index)
                return try record.write(paths)
            }
            do throws(EngineError) { try leave(index, &record) } catch {
                guard force else { throw error }
                record.endpoints.removeAll { $0.id == entry.id }
                try record.write(paths)
            }
            if let network = try store.network(entry.networkID) { tell("disconnect", entry, network) }
        }
    }

    private func index(of network: String, in record: SandboxRecord) throws(EngineError) -> Int {
        // A network that was removed by force is still an endpoint's.
        if let index = record.endpoints.firstIndex(where: {
            $0.networkName == network || $0.networkID == network
        }) {
            return index
        }
        let found = try store.find(network)
        if case .host = record.request.mode, found.driver == "host" {
            throw EngineError(
                "container cannot be disconnected from host network or connected to host network", .conflict)
        }
        guard let index = record.index(ofNetwork: found.id) else {
            throw EngineError(
                "container \(containerID) is not connected to network \(found.name)", .notFound)
        }
        return index
    }
}
