internal import CNISpec
internal import JSON
internal import Kernel

extension PluginHost {
    /// Detaches a container from the network called `name`: runs DEL of each plugin in reverse order. CNI 1.1.0, "DEL".
    ///
    /// The network and the parameters are those of the ADD where the cache has them; `network` and `parameters` are for when it has not.
    /// Nothing attached is no error.
    package func delete(
        _ name: String, _ network: NetworkConfiguration?, _ parameters: AttachmentParameters
    ) throws(HostError) {
        let key = try parameters.key(on: name)
        try holding(key) { () throws(HostError) in
            let record = try cache.entry(key)?.record
            guard let used = record?.network(or: network) ?? network else {
                throw .notAttached(key, directory: cache.path)
            }
            try deleteAll(used, record?.completed(parameters) ?? parameters, record)
            try cache.remove(key)
        }
    }

    /// Takes away an attachment of the cache whose container nobody has any more.
    func delete(
        _ key: AttachmentKey, _ entry: AttachmentCache.Entry, _ network: NetworkConfiguration?
    ) throws(HostError) {
        guard let used = entry.record.network(or: network) else {
            throw .configuration(
                file: "", reason: "the configuration of \(key) is neither in the cache nor given")
        }
        // A path of before the start of the machine is another's now, if it is anybody's.
        let namespace = entry.state == .old ? "" : entry.record.namespace
        let parameters = AttachmentParameters(
            containerID: key.containerID, interface: key.interface, namespace: namespace,
            arguments: entry.record.arguments, capabilities: entry.record.capabilities)
        try deleteAll(used, parameters, entry.record)
        try cache.remove(key)
    }

    private func deleteAll(
        _ network: NetworkConfiguration, _ parameters: AttachmentParameters, _ record: AttachmentRecord?
    ) throws(HostError) {
        // A broken result is no reason not to clean up.
        let previous = try? record?.result(in: network.version)
        for (plugin, path) in try find(network.plugins).reversed() {
            try delete(plugin, path, network, parameters, previous ?? nil)
        }
    }

    /// DEL of one plugin. It is not stopped by the first signal: it would have to be done anyway.
    func delete(
        _ plugin: PluginConfiguration, _ path: String, _ network: NetworkConfiguration,
        _ parameters: AttachmentParameters, _ previous: JSONValue?
    ) throws(HostError) {
        // CNI 1.1.0, "DEL": prevResult is of version 0.4.0.
        let input = plugin.request(
            in: network, capabilities: parameters.capabilities,
            previousResult: network.version >= .v0_4_0 ? previous : nil)
        try run(
            Call(
                verb: .delete, type: plugin.type, path: path, input: input, parameters: parameters,
                patience: .some))
    }
}

extension AttachmentRecord {
    /// The network as it was at ADD, or `current` where the record has less of it.
    ///
    /// libcni keeps the text of the file only: the plugins beside it are in `current`, if that is still the same text.
    func network(or current: NetworkConfiguration?) -> NetworkConfiguration? {
        guard !configuration.isEmpty, configuration != current?.bytes,
            let network = try? NetworkConfiguration(parsing: configuration), !network.plugins.isEmpty
        else { return current }
        return network
    }
}
