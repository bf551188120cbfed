package import CNISpec
internal import JSON

extension PluginHost {
    /// Takes away what belongs to no valid attachment of the network. CNI 1.1.0, "GC".
    ///
    /// First DEL of each attachment in the cache that is not valid, then GC of each plugin, where the network's version has it.
    /// Nothing else is done to the network meanwhile; `valid` is asked when that is so. An error does not end it, but for one
    /// of the cache, which comes before the first plugin: what it does not tell of, plugins take away.
    /// - Returns: the attachments that were not valid. A network which has `disableGC` is left alone.
    @discardableResult
    package func collectGarbage(
        _ network: NetworkConfiguration, valid: ([AttachmentCache.Entry]) -> Set<Attachment>
    ) throws(HostError) -> [AttachmentKey] {
        guard !network.disablesGarbageCollection else { return [] }
        try checked { () throws(CNIError) in try Naming.checkNetworkName(network.name) }
        return try holdingNetwork(network.name) { () throws(HostError) in
            let entries = try cache.allEntries(network: network.name)
            let kept = valid(entries)
            let invalid = entries.filter { !kept.contains($0.attachment) }
            var errors = try delete(invalid, network)
            if network.version >= Verb.collectGarbage.since { errors += try collect(network, kept) }
            sweepLocks()
            guard errors.isEmpty else { throw errors.count == 1 ? errors[0] : .several(errors) }
            return invalid.map { $0.key }
        }
    }

    /// DEL of each attachment; the answer is what went wrong.
    private func delete(
        _ entries: [AttachmentCache.Entry], _ network: NetworkConfiguration
    ) throws(HostError) -> [HostError] {
        var errors: [HostError] = []
        for entry in entries {
            do throws(HostError) {
                if let signal = interruption?.signal(.none) {
                    throw .interrupted(signal: signal, leftovers: [])
                }
                try holdingContainer(entry.key.containerID) { () throws(HostError) in
                    try delete(entry.key, entry, network)
                }
            } catch {
                if case .interrupted = error { throw error }
                errors.append(error)
            }
        }
        return errors
    }

    /// GC of each plugin; the answer is what went wrong.
    private func collect(
        _ network: NetworkConfiguration, _ valid: Set<Attachment>
    ) throws(HostError) -> [HostError] {
        var errors: [HostError] = []
        for plugin in network.plugins {
            do throws(HostError) {
                try run(
                    Call(
                        verb: .collectGarbage, type: plugin.type, path: try find(plugin.type),
                        input: plugin.request(in: network, validAttachments: valid)))
            } catch {
                if case .interrupted = error { throw error }
                errors.append(error)
            }
        }
        return errors
    }
}

extension AttachmentCache.Entry {
    /// What GC calls it.
    package var attachment: Attachment {
        Attachment(containerID: key.containerID, interface: key.interface)
    }
}
