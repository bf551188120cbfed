internal import Addressing
internal import CNISpec
internal import JSON
internal import Kernel

// What networks of several hosts are on this one: a record each, from the first use on.
extension NetworkStore {
    var cluster: Cluster { Cluster(environment) }

    /// Makes a network in the cluster, and writes down what it became.
    func createOverlay(_ request: NetworkRequest) throws(EngineError) -> NetworkRecord {
        let wish = try request.overlayWish()
        try checkDriver(request)
        // Without the lock: others need not wait for the cluster. The name comes first, before a difference is told.
        let all = try cluster.networks(patience: Cluster.patient)
        try forgetGone(all)
        let others = try networks()
        try checkName(request, among: others + all)
        let taken = others.flatMap(\.subnets).map(\.subnet)
        guard !request.subnets.contains(where: { subnet in taken.contains(where: subnet.overlaps) }) else {
            throw EngineError(
                "invalid pool request: Pool overlaps with other one on this address space", .conflict)
        }
        let id = newIdentifier()
        let network = try cluster.create(wish, id: id, created: currentTimestamp())
        guard network.id == id else { throw Self.nameIsTaken(request.name) }
        try holding { () throws(EngineError) in try write(network) }
        return network
    }

    /// A network of the cluster by name, ID or the beginning of an ID; it is written down where it is new here, and the records of what
    /// has gone are taken away. `known`: what is stored under the text.
    ///
    /// - Returns: `nil` when there is none.
    /// - Throws: ``EngineError`` when the cluster does not answer and nothing is stored.
    func findOverlay(_ text: String, known: NetworkRecord?) throws(EngineError) -> NetworkRecord? {
        let all: [NetworkRecord]
        do throws(EngineError) { all = try cluster.networks(patience: Cluster.patient) } catch {
            // Attachments of a network that is known do not need the cluster.
            if let known { return known }
            throw EngineError(
                "network \(text) not found here, and the cluster cannot be asked: \(error)")
        }
        try forgetGone(all)
        guard let network = try? Self.find(text, among: all) else { return nil }
        if try self.network(network.id) == nil { try write(network) }
        return network
    }

    /// Refuses what the cluster does not have any more: the plugin would make it anew, with another ID.
    func checkIsThere(_ network: NetworkRecord) throws(EngineError) {
        guard network.isGlobal, cluster.isShared else { return }
        guard try findOverlay(network.id, known: network) != nil else {
            throw EngineError("network \(network.name) not found: it was removed on another host", .notFound)
        }
    }

    /// What is stored and what else the cluster has; `trouble` is why it could not be asked.
    package func listing() throws(EngineError) -> (networks: [NetworkRecord], trouble: String?) {
        let known = try networks()
        guard cluster.isShared else { return (known, nil) }
        do throws(EngineError) {
            let all = try cluster.networks()
            try forgetGone(all)
            let stored = try networks()
            let others = all.filter { one in !stored.contains { $0.id == one.id } }
            return ((stored + others).sorted { $0.name < $1.name }, nil)
        } catch { return (known, "networks of other hosts are not listed: \(error)") }
    }

    /// Takes away the records of networks the cluster does not have any more, but for those containers are still attached to.
    private func forgetGone(_ all: [NetworkRecord]) throws(EngineError) {
        let gone = try networks().filter { one in one.isGlobal && !all.contains { $0.id == one.id } }
        guard !gone.isEmpty else { return }
        for network in gone where try NetworkUse(environment.paths).attached(to: network.id).isEmpty {
            try EngineError.step("forget the network \(network.name)") { () throws(SystemError) in
                try removeFileIfPresent(path(of: network.id))
            }
        }
    }

    /// Removes a network in the cluster; one it does not have is no error.
    func removeOverlay(_ network: NetworkRecord) throws(EngineError) {
        do throws(EngineError) { try cluster.remove(network.id) } catch {
            switch error.kind {
            case .notFound: return
            case .conflict: throw EngineError(inUse(network, error), .conflict)
            default: throw EngineError("error while removing network: \(error)")
            }
        }
    }

    private func inUse(_ network: NetworkRecord, _ error: EngineError) -> String {
        let start = "error while removing network: "
        guard let peers = try? cluster.peers(of: network.id), !peers.endpoints.isEmpty else {
            return "\(start)network \(network.name) has active endpoints (\(error))"
        }
        let names = peers.endpoints.map {
            "name:\"\($0.names.first ?? String($0.containerID.prefix(12)))\" node:\"\(peers.name(of: $0.node))\""
        }
        return "\(start)network \(network.name) has active endpoints (\(names.joined(separator: ", ")))"
    }
}
