internal import Addressing
internal import CNIHost
internal import JSON

extension Sandbox {
    /// Elects the way out, sets it, and has the published ports follow it. What is right already stays as it is.
    func lead(_ record: inout SandboxRecord, _ networks: [NetworkRecord]) throws(EngineError) {
        let way = GatewayElection(candidates(record, networks)).way
        if way != record.way {
            // Ports are moved while there is a way for their answers.
            if way?.interface != record.publisher { try unpublish(&record) }
            try removeWay(&record)
            if let way { try set(way, &record) }
        }
        guard let way, way.interface != record.publisher,
            let index = record.endpoints.firstIndex(where: { $0.interface == way.interface })
        else { return }
        try unpublish(&record)
        try publish(record.endpoints[index], networks[index], &record)
    }

    private func candidates(
        _ record: SandboxRecord, _ networks: [NetworkRecord]
    ) -> [GatewayElection.Candidate] {
        zip(record.endpoints, networks).compactMap { entry, network in
            guard let attached = entry.attached else { return nil }
            return GatewayElection.Candidate(
                interface: attached.interface, networkName: network.name,
                priority: entry.request.gatewayPriority, isInternal: network.isInternal,
                gateways: attached.gateways)
        }
    }

    private func set(_ way: SandboxRecord.Way, _ record: inout SandboxRecord) throws(EngineError) {
        record.way = way
        try record.write(paths)
        let configuration = try wayConfiguration(way)
        let entry = record.endpoints.first { $0.interface == way.interface }
        let previous: JSONValue? = if let entry { try result(of: entry) } else { nil }
        let parameters = parameters(way.interface)
        _ = try hosting("default route") { (host) throws(HostError) in
            try host.add(configuration, parameters, previousResult: previous ?? .object([]))
        }
    }

    func removeWay(_ record: inout SandboxRecord) throws(EngineError) {
        guard let way = record.way else { return }
        let configuration = try wayConfiguration(way)
        let parameters = parameters(way.interface)
        try hosting("default route") { (host) throws(HostError) in
            try host.delete(configuration.name, configuration, parameters)
        }
        record.way = nil
    }

    private func wayConfiguration(_ way: SandboxRecord.Way) throws(EngineError) -> NetworkConfiguration {
        var plugin = JSONObject()
        plugin.set("type", "route")
        plugin.set("gateways", way.gateways.map { "\($0)" })
        return try NetworkConfiguration(rendered: pluginList(Attachments.way, [plugin]))
    }
}
