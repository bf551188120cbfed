internal import Addressing
internal import CNIHost
internal import JSON
internal import Kernel

extension Sandbox {
    /// Has the container found by name in its users' networks, and find others.
    func name(_ record: SandboxRecord, _ networks: [NetworkRecord]) throws(EngineError) {
        guard record.usesResolver else { return }
        for (entry, network) in zip(record.endpoints, networks) where !network.isDefaultBridge {
            try name(entry, network, record)
        }
    }

    func name(
        _ entry: SandboxRecord.Entry, _ network: NetworkRecord, _ record: SandboxRecord
    ) throws(EngineError) {
        guard environment.hasNames, let interface = entry.interface, let previous = try result(of: entry)
        else {
            return
        }
        let configuration = try nameConfiguration(entry, network, record)
        let parameters = parameters(interface)
        _ = try hosting("names") { (host) throws(HostError) in
            try host.add(configuration, parameters, previousResult: previous)
        }
    }

    func forgetNames(_ entry: SandboxRecord.Entry) throws(EngineError) {
        guard let interface = entry.interface else { return }
        let name = Attachments.names(of: entry.networkName)
        let parameters = parameters(interface)
        try hosting("names") { (host) throws(HostError) in
            guard try host.cache.entry(key(name, interface)) != nil else { return }
            try host.delete(name, nil, parameters)
        }
    }

    private func nameConfiguration(
        _ entry: SandboxRecord.Entry, _ network: NetworkRecord, _ record: SandboxRecord
    ) throws(EngineError) -> NetworkConfiguration {
        var plugin = JSONObject()
        plugin.set("type", "dns")
        plugin.set("network", network.name)
        plugin.set("names", [record.request.name])
        plugin.set("aliases", entry.request.aliases)
        plugin.set("hostname", try hostname(of: record))
        var links: [String: String] = [:]
        for link in entry.request.links {
            // One who has gone is found by nobody.
            guard let other = try? SandboxRecord.read(link.containerID, paths) else { continue }
            links[link.alias] = other.request.name
        }
        plugin.set("links", links)
        plugin.set("internal", network.isInternal ? true : nil)
        plugin.set("upstreams", record.request.dns.servers.map { "\($0)" })
        plugin.set("options", record.request.dns.options)
        plugin.set("runDir", paths.run)
        return try NetworkConfiguration(
            rendered: pluginList(Attachments.names(of: network.name), [plugin]))
    }

    /// Has hosts files and names follow a container's new name.
    package func rename(to name: String) throws(EngineError) {
        try holding { () throws(EngineError) in
            var record = try record()
            record.request.name = name
            try record.write(paths)
            guard record.isRunning(containerID, paths) else { return }
            let networks = try networks(of: record)
            for entry in record.endpoints { try forgetNames(entry) }
            try self.name(record, networks)
        }
        try refreshLinkers()
    }
}
