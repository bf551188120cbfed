internal import CNIHost
internal import CNISpec
internal import Kernel
internal import NetdClient

/// Compares what is stored of networks with what the kernel has, and puts right what can be put right.
package struct NetworkCheck: Sendable {
    private let engine: ContainerEngine
    private let environment: NetworkEnvironment
    private var paths: EnginePaths { environment.paths }
    private var cache: AttachmentCache { environment.host.cache }

    package init(_ engine: ContainerEngine) {
        self.engine = engine
        environment = engine.networkEnvironment
    }

    /// Looks at everything; with `repairs` each finding is put right as far as it goes.
    package func run(repairs: Bool) throws(EngineError) -> [Finding] {
        let users = try NetworkUse(paths).all()
        // First, for a plugin that is asked may start the daemon.
        var findings = names(repairs)
        findings += try halfDone(users, repairs)
        findings += try drift(try NetworkUse(paths).all(), repairs)
        findings += try leftovers(try NetworkUse(paths).all(), repairs)
        findings += try unready(repairs)
        return findings
    }

    /// Asks each attachment of the running containers. With `only`, of these containers.
    package func reload(only ids: Set<String>?) throws(EngineError) -> [Finding] {
        let users = try NetworkUse(paths).all().filter { ids?.contains($0.id) ?? true }
        return try drift(users, true).filter { $0.failure != nil }
    }

    /// Containers somebody was killed over, half way in or out.
    private func halfDone(_ users: [NetworkUse.User], _ repairs: Bool) throws(EngineError) -> [Finding] {
        var findings: [Finding] = []
        for user in users where user.record.isStarted {
            do throws(EngineError) {
                // With the container's lock: one which is just being started is no finding.
                let finding = try engine.container(user.id).locked { (container) throws(EngineError) in
                    try self.halfDone(user, runs: try container.state().live != nil, repairs)
                }
                if let finding { findings.append(finding) }
            } catch {
                // A container that has gone meanwhile is no finding either.
                guard error.kind == .notFound else { throw error }
            }
        }
        return findings
    }

    private func halfDone(
        _ user: NetworkUse.User, runs: Bool, _ repairs: Bool
    ) throws(EngineError) -> Finding? {
        let sandbox = Sandbox(environment, containerID: user.id)
        let record = try sandbox.record()
        guard record.isStarted else { return nil }
        let reason: String
        if !sandbox.namespace.exists {
            reason = "it is noted as attached, and its namespace has gone"
        } else if !runs {
            reason = "it does not run, and is still attached"
        } else if record.endpoints.contains(where: { ($0.interface == nil) != ($0.attached == nil) }) {
            reason = "an interface is only half there"
        } else {
            return nil
        }
        return Finding("container \(user.name)", reason, repairs) { () throws(EngineError) in
            try runs && sandbox.namespace.exists ? sandbox.mend() : sandbox.stop()
        }
    }

    /// CHECK of every attachment of a running container, in the plugins' own words.
    private func drift(_ users: [NetworkUse.User], _ repairs: Bool) throws(EngineError) -> [Finding] {
        var findings: [Finding] = []
        for user in users where user.record.isRunning(user.id, paths) {
            for entry in try attachments(of: user.id) where entry.state == .attached {
                do throws(HostError) { try check(entry) } catch {
                    findings.append(
                        Finding(
                            "container \(user.name), \(entry.key.network) \(entry.key.interface)", "\(error)",
                            repairs
                        ) { () throws(EngineError) in try repair(entry) })
                }
            }
        }
        return findings
    }

    /// What the cache remembers, of one container or of all.
    private func attachments(of id: String? = nil) throws(EngineError) -> [AttachmentCache.Entry] {
        do throws(HostError) { return try cache.entries(containerID: id) } catch {
            throw EngineError("\(error)")
        }
    }

    private func check(_ entry: AttachmentCache.Entry) throws(HostError) {
        let parameters = AttachmentParameters(
            containerID: entry.key.containerID, interface: entry.key.interface,
            namespace: entry.record.namespace)
        try environment.host.check(entry.key.network, nil, parameters)
    }

    /// What is outside of the container is put back by the plugin; what is inside by attaching it again.
    private func repair(_ entry: AttachmentCache.Entry) throws(EngineError) {
        do throws(HostError) {
            try environment.host.repair(entry.key, nil)
            try check(entry)
        } catch {
            try Sandbox(environment, containerID: entry.key.containerID).attachAgain()
        }
    }

    /// Attachments and namespaces of containers which are not there any more, or do not run.
    private func leftovers(_ users: [NetworkUse.User], _ repairs: Bool) throws(EngineError) -> [Finding] {
        let known = Set(users.map(\.id))
        let running = Set(users.filter { $0.record.isRunning($0.id, paths) }.map(\.id))
        var findings: [Finding] = []
        for entry in try attachments() where !running.contains(entry.key.containerID) {
            // The loopback stays with the namespace.
            if known.contains(entry.key.containerID), entry.key.interface == "lo" { continue }
            findings.append(
                Finding("attachment", "\(entry.key): the container does not run", repairs) {
                    () throws(EngineError) in try delete(entry)
                })
        }
        for id in (try? listDirectory(paths.namespaces)) ?? [] where !known.contains(id) {
            findings.append(
                Finding("namespace \(id.prefix(12))", "no container has it", repairs) {
                    () throws(EngineError) in try NamespaceFile(paths, id).remove()
                })
        }
        return findings
    }

    private func delete(_ entry: AttachmentCache.Entry) throws(EngineError) {
        let parameters = AttachmentParameters(
            containerID: entry.key.containerID, interface: entry.key.interface,
            namespace: entry.state == .attached ? entry.record.namespace : "")
        do throws(HostError) { try environment.host.delete(entry.key.network, nil, parameters) } catch {
            throw EngineError("\(error)")
        }
    }

    /// Networks which could take no container now, for example because another table drops what is forwarded. CNI 1.1.0, "STATUS"
    private func unready(_ repairs: Bool) throws(EngineError) -> [Finding] {
        var findings: [Finding] = []
        for network in try NetworkStore(environment).networks() {
            guard !network.isConfigurationOnly, !["host", "null"].contains(network.driver) else { continue }
            let configuration = try NetworkRendering(network, environment).newestConfiguration()
            do throws(HostError) { try environment.host.status(configuration) } catch {
                let subject = "network \(network.name)"
                if case .plugin(let failure) = error, failure.error.code == .unavailable,
                    failure.type == network.driver, !network.isGlobal
                {
                    // All its addresses are given away, and whoever has one is well.
                    findings.append(
                        Finding(
                            subject: subject, reason: "it can take no more containers: \(failure.error)",
                            isRemark: true))
                    continue
                }
                // What the host's administrator has decided is not ours to change.
                findings.append(
                    Finding(
                        subject: subject, reason: "\(error)",
                        failure: repairs ? "it is the host's own" : nil))
            }
        }
        return findings
    }

    /// Records of `apus-netd` nobody serves.
    private func names(_ repairs: Bool) -> [Finding] {
        var findings: [Finding] = []
        let daemon = Daemon(paths)
        guard ((try? daemon.status()) ?? nil) == nil else { return [] }
        for (kind, folder) in [
            (RecordKind.names, paths.nameRecords), (.ports, paths.portRecords),
            (.overlay, paths.overlayRecords),
        ] {
            let records = ((try? listDirectory(folder)) ?? []).filter { $0.hasSuffix(".json") }
            guard let first = records.first else { continue }
            findings.append(
                Finding(
                    "apus-netd", "it does not run, and \(records.count) \(kind.rawValue) records wait for it",
                    repairs
                ) {
                    () throws(EngineError) in try daemon.sync(kind, first)
                })
        }
        return findings
    }
}

extension Sandbox {
    /// Attaches what was only half attached.
    func mend() throws(EngineError) {
        try holding { () throws(EngineError) in
            var record = try record()
            let networks = try networks(of: record)
            for index in record.endpoints.indices where record.endpoints[index].attached == nil {
                try detach(index, &record)
                record.endpoints[index].interface = freeInterface(for: index, networks[index], in: record)
                try record.write(paths)
                try attach(index, networks[index], &record)
                try name(record.endpoints[index], networks[index], record)
            }
            try lead(&record, networks)
            try writeHosts(record)
            try record.write(paths)
        }
    }

    /// Takes everything of a running container away and puts it back, with the same ports.
    func attachAgain() throws(EngineError) {
        try holding { () throws(EngineError) in
            var record = try record()
            let (ports, addresses) = (record.ports, record.endpoints.map(\.attached))
            let networks = try networks(of: record)
            try takeDown(&record)
            (record.ports, record.isStarted) = (ports, true)
            for (index, network) in networks.enumerated() {
                record.endpoints[index].interface =
                    addresses[index]?.interface ?? freeInterface(for: index, network, in: record)
            }
            try record.write(paths)
            for (index, network) in networks.enumerated() { try attach(index, network, &record) }
            try lead(&record, networks)
            try writeHosts(record)
            try name(record, networks)
            try record.write(paths)
        }
    }
}
