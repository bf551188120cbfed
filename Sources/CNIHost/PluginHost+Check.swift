internal import CNISpec
internal import JSON

extension PluginHost {
    /// Asks each plugin whether what its ADD made is as it was. CNI 1.1.0, "CHECK".
    ///
    /// Network and parameters are those of the ADD, from the cache; `network` is for a cache with only a result.
    /// - Throws: the first plugin's error. A network which has `disableCheck` is not asked.
    package func check(
        _ name: String, _ network: NetworkConfiguration?, _ parameters: AttachmentParameters
    ) throws(HostError) {
        let key = try parameters.key(on: name)
        try holding(key) { () throws(HostError) in
            let attachment = try attachment(key, network, parameters)
            guard !attachment.network.disablesCheck else { return }
            for (plugin, path) in attachment.programs { try run(attachment.check(plugin, path)) }
        }
    }

    /// Has each plugin put back what is missing outside of the container, for example after the firewall was flushed.
    ///
    /// It is a CHECK with `APUS_CNI_REPAIR=1`: a plugin which does not know that checks. Every plugin gets its turn.
    /// - Throws: ``HostError`` with what each plugin could not put back. A network which has `disableCheck` is not asked.
    package func repair(_ key: AttachmentKey, _ network: NetworkConfiguration?) throws(HostError) {
        let parameters = AttachmentParameters(
            containerID: key.containerID, interface: key.interface, namespace: "")
        var errors: [HostError] = []
        try holding(key) { () throws(HostError) in
            let attachment = try attachment(key, network, parameters)
            for (plugin, path) in attachment.network.disablesCheck ? [] : attachment.programs {
                var call = attachment.check(plugin, path)
                call.repairs = true
                do throws(HostError) { try run(call) } catch { errors.append(error) }
            }
        }
        guard errors.isEmpty else { throw errors.count == 1 ? errors[0] : .several(errors) }
    }

    private func attachment(
        _ key: AttachmentKey, _ network: NetworkConfiguration?, _ parameters: AttachmentParameters
    ) throws(HostError) -> CheckedAttachment {
        guard let entry = try cache.entry(key), let used = entry.record.network(or: network) else {
            throw .notAttached(key, directory: cache.path)
        }
        guard used.version >= Verb.check.since else { throw .versionTooOld(used.version, .check) }
        return CheckedAttachment(
            network: used, programs: try find(used.plugins), parameters: entry.record.completed(parameters),
            result: try entry.record.result(in: used.version))
    }
}

/// An attachment with all that CHECK says about it.
private struct CheckedAttachment {
    let network: NetworkConfiguration
    let programs: [(PluginConfiguration, path: String)]
    let parameters: AttachmentParameters
    let result: JSONValue?

    func check(_ plugin: PluginConfiguration, _ path: String) -> PluginHost.Call {
        PluginHost.Call(
            verb: .check, type: plugin.type, path: path,
            input: plugin.request(in: network, capabilities: parameters.capabilities, previousResult: result),
            parameters: parameters)
    }
}
