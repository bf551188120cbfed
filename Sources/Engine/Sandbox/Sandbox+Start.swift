internal import CNIHost
internal import CNISpec
internal import JSON
internal import Kernel

extension Sandbox {
    /// Makes the namespace when it is missing, an interface in each network, the default routes, published ports and names.
    ///
    /// - Throws: ``EngineError``; everything is undone then.
    package func start() throws(EngineError) {
        try holding { () throws(EngineError) in
            var record = try record()
            switch record.request.mode {
            case .host: try writeFiles(&record)
            case .container(let id): try checkOwner(id)
            case .none, .networks: try bringUp(&record)
            }
        }
    }

    private func checkOwner(_ id: String) throws(EngineError) {
        let owner = Sandbox(environment, containerID: id)
        guard let path = try owner.namespacePath() else { return }
        guard (try? NetworkNamespace(path: path)) != nil else {
            throw EngineError("cannot join network of a non running container: \(id)", .conflict)
        }
    }

    private func bringUp(_ record: inout SandboxRecord) throws(EngineError) {
        // Somebody was killed while he started or stopped it.
        if record.isStarted { try takeDown(&record) }
        try checkLinks(record)
        for network in try networks(of: record) { try store.checkIsThere(network) }
        if !record.endpoints.isEmpty { try ensureDefaultBridge() }
        let networks = try intend(&record)
        do throws(EngineError) {
            try addLoopback()
            for index in record.endpoints.indices { try attach(index, networks[index], &record) }
            try lead(&record, networks)
            try writeFiles(&record)
            try name(record, networks)
            try record.write(paths)
        } catch {
            // The first error is the one to tell; what could not be undone is found by the next start, or by GC.
            try? takeDown(&record)
            throw error
        }
        for (index, network) in networks.enumerated() { tell("connect", record.endpoints[index], network) }
        try refreshLinkers()
    }

    /// Writes down what is to be attached, and makes the namespace; answers the networks, which nobody removes from then on.
    private func intend(_ record: inout SandboxRecord) throws(EngineError) -> [NetworkRecord] {
        try store.holding(shared: true) { () throws(EngineError) in
            let networks = try networks(of: record)
            record.isStarted = true
            record.usesResolver = environment.hasNames && networks.contains { !$0.isDefaultBridge }
            for index in record.endpoints.indices {
                record.endpoints[index].interface = freeInterface(for: index, networks[index], in: record)
            }
            // Before the record: without a namespace it is taken for one from before the machine started anew.
            try namespace.make()
            try record.write(paths)
            return networks
        }
    }

    /// Takes the interfaces away and frees their addresses. The namespace stays for those who share it. Nothing there is no error.
    /// `isLast`: the record goes next, so that it does no harm when it cannot be written on a full disk.
    package func stop(isLast: Bool = false) throws(EngineError) {
        try holding { () throws(EngineError) in
            var record = try record()
            guard record.isStarted else { return }
            let gone = record.endpoints.filter { $0.interface != nil }
            try takeDown(&record, isLast: isLast)
            for entry in gone {
                if let network = try store.network(entry.networkID) { tell("disconnect", entry, network) }
            }
        }
    }

    /// Takes everything away.
    package func remove() throws(EngineError) {
        try stop(isLast: true)
        try holding { () throws(EngineError) in
            // Also of a namespace that a reboot has taken: the attachment is remembered.
            let isRemembered = try hosting("lo") { (host) throws(HostError) in
                try host.cache.entry(key(Attachments.loopback, "lo")) != nil
            }
            if isRemembered { try removeLoopback() }
            try namespace.remove()
            try EngineError.step("remove the network of \(containerID.prefix(12))") {
                () throws(SystemError) in
                for name in ["hosts", "hostname", "resolv.conf"] {
                    try removeFileIfPresent("\(folder)/\(name)")
                }
                try removeTree("linkers", in: folder)
                try removeFileIfPresent(SandboxRecord.path(containerID, paths))
                try removeFileIfPresent("\(paths.locks)/network-\(containerID)")
            }
        }
    }

    /// The networks of the endpoints, in their order.
    func networks(of record: SandboxRecord) throws(EngineError) -> [NetworkRecord] {
        var found: [NetworkRecord] = []
        for entry in record.endpoints {
            guard let network = try store.network(entry.networkID) else {
                throw EngineError("network \(entry.networkID) not found", .notFound)
            }
            found.append(network)
        }
        return found
    }

    /// Undoes all that was or may have been done, in reverse order, as far as it goes; what went wrong is told at the end.
    func takeDown(_ record: inout SandboxRecord, isLast: Bool = false) throws(EngineError) {
        var errors: [EngineError] = []
        func attempt(_ body: () throws(EngineError) -> Void) {
            do throws(EngineError) { try body() } catch { errors.append(error) }
        }
        attempt { () throws(EngineError) in try unpublish(&record) }
        attempt { () throws(EngineError) in try removeWay(&record) }
        for index in record.endpoints.indices.reversed() {
            attempt { () throws(EngineError) in try forgetNames(record.endpoints[index]) }
            attempt { () throws(EngineError) in try detach(index, &record) }
        }
        record.ports = []
        record.isStarted = record.endpoints.contains { $0.interface != nil }
        do throws(EngineError) { try record.write(paths) } catch { if !isLast { throw error } }
        if let error = errors.first { throw error }
    }

    func tell(_ action: String, _ entry: SandboxRecord.Entry, _ network: NetworkRecord) {
        paths.tell(
            EngineEvent(
                type: "network", action: action, id: entry.networkID,
                attributes: ["container": containerID, "name": network.name, "type": network.driver]))
    }
}
