internal import Addressing
internal import Kernel

extension Sandbox {
    /// What is to be written down for what is asked, once it is known to fit together, and warnings for the person who asked.
    static func plan(
        _ request: SandboxRequest, in environment: NetworkEnvironment
    ) throws(EngineError) -> (record: SandboxRecord, warnings: [String]) {
        let sandbox = Sandbox(environment, containerID: request.containerID)
        var record = SandboxRecord(request)
        var warnings = try sandbox.check(&record.request)
        if case .networks(let endpoints) = request.mode {
            record.request.mode = .networks([])
            for endpoint in endpoints { try sandbox.add(endpoint, to: &record) }
            try sandbox.placeLinks(&record)
            if !record.request.links.isEmpty {
                warnings.append(
                    "--link on the default bridge is deprecated: containers of a network of your own find each other by name"
                )
            }
        }
        return (record, warnings)
    }

    /// Refuses what excludes each other, in Docker's words.
    private func check(_ request: inout SandboxRequest) throws(EngineError) -> [String] {
        switch request.mode {
        case .container(let id):
            try checkShared(request)
            guard id != containerID else {
                throw EngineError("cannot join own network namespace", .invalid)
            }
            _ = try Sandbox(environment, containerID: id).record()
        case .host:
            if !request.links.isEmpty {
                throw EngineError(
                    "conflicting options: host type networking can't be used with links. This would result in undefined behavior",
                    .invalid)
            }
            guard request.ports.isEmpty && !request.publishesAll else {
                (request.ports, request.publishesAll) = ([], false)
                return ["Published ports are discarded when using host network mode"]
            }
        case .none: (request.ports, request.publishesAll) = ([], false)
        case .networks: break
        }
        return []
    }

    private func checkShared(_ request: SandboxRequest) throws(EngineError) {
        func refuse(_ isAsked: Bool, _ what: String) throws(EngineError) {
            guard isAsked else { return }
            throw EngineError("conflicting options: \(what)", .invalid)
        }
        try refuse(
            !request.links.isEmpty,
            "container type network can't be used with links. This would result in undefined behavior")
        let dns = request.dns
        try refuse(
            !dns.servers.isEmpty || !dns.search.isEmpty || !dns.options.isEmpty, "dns and the network mode")
        try refuse(!request.extraHosts.isEmpty, "custom host-to-IP mapping and the network mode")
        try refuse(
            !request.ports.isEmpty || request.publishesAll,
            "port publishing and the container type network mode")
        // What an image exposes is nothing anybody asked for.
    }

    /// Adds an endpoint to the record; the network must be there, and fit to what is there.
    func add(_ asked: EndpointRequest, to record: inout SandboxRecord) throws(EngineError) {
        let network = try store.find(asked.network)
        try check(network, asked, record)
        var request = asked
        request.network = network.id
        record.endpoints.append(
            SandboxRecord.Entry(
                id: newIdentifier(), networkID: network.id, networkName: network.name, request: request))
    }

    private func check(
        _ network: NetworkRecord, _ request: EndpointRequest, _ record: SandboxRecord
    ) throws(EngineError) {
        if record.index(ofNetwork: network.id) != nil {
            throw EngineError(
                "endpoint with name \(record.request.name) already exists in network \(network.name)",
                .conflict
            )
        }
        if network.isConfigurationOnly {
            throw EngineError(
                "configuration-only network \(network.name) is not available for containers", .invalid)
        }
        if network.driver == "host" {
            throw EngineError(
                "cannot connect container to host network - container must be created in host network mode",
                .conflict)
        }
        if network.driver == "null" {
            throw EngineError(
                "container cannot be connected to multiple networks with one of the networks in private (none) mode",
                .conflict)
        }
        if network.isDefaultBridge, !request.aliases.isEmpty {
            throw EngineError(
                "network-scoped alias is supported only for containers in user defined networks", .invalid)
        }
        for address in [request.ip4, request.ip6].compactMap({ $0 }) { try check(address, in: network) }
    }

    private func check(_ address: IPAddress, in network: NetworkRecord) throws(EngineError) {
        guard !network.isDefaultBridge else {
            throw EngineError(
                "user specified IP address is supported on user defined networks only", .invalid)
        }
        guard network.subnets.isEmpty || network.subnets.contains(where: { $0.subnet.contains(address) })
        else {
            throw EngineError(
                "no configured subnet contains IP address \(address) in network \(network.name)", .invalid)
        }
    }

    /// Links are lines of the hosts file on the default bridge, and names on the first of users' networks.
    private func placeLinks(_ record: inout SandboxRecord) throws(EngineError) {
        guard let first = record.endpoints.first, !record.request.links.isEmpty,
            let network = try store.network(first.networkID), !network.isDefaultBridge
        else { return }
        record.endpoints[0].request.links += record.request.links
        record.request.links = []
    }
}
