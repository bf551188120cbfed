internal import Addressing
internal import CNISpec
internal import JSON

// What `ps` and `inspect` show of a container's network.
extension Container {
    /// The ports `ps` shows: published ones, and those which are exposed only; of a container which does not run there are none.
    func shownPorts(isRunning: Bool) -> [ShownPort] {
        // What cannot be read must not hide the container.
        guard isRunning, hasSandbox, let published = try? sandbox.publishedPorts(),
            let request = try? sandbox.record().request
        else { return [] }
        let outside = published.map {
            ShownPort(
                hostAddress: "\($0.hostIP)", hostPort: $0.hostPort, containerPort: $0.container.number,
                protocol: $0.container.transport.rawValue)
        }
        let taken = Set(published.map(\.container))
        return outside
            + request.exposed.filter { !taken.contains($0) }.map {
                ShownPort(containerPort: $0.number, protocol: $0.transport.rawValue)
            }
    }

    /// The names of its networks, or of the mode in their place.
    func networkNames() -> [String] {
        guard hasSandbox, let record = try? sandbox.record() else { return [] }
        switch record.request.mode {
        case .host: return ["host"]
        case .none: return ["none"]
        case .container: return []
        case .networks: return record.endpoints.map(\.networkName)
        }
    }

    /// Exposed and published ports as Docker writes them: `80/tcp`.
    func exposedPorts() -> [String] {
        guard hasSandbox, let request = try? sandbox.record().request else { return [] }
        return Set(request.exposed + request.ports.map(\.container)).sorted().map { "\($0)" }
    }

    /// `NetworkSettings` of `inspect`.
    func networkSettings() throws(EngineError) -> JSONValue {
        hasSandbox ? try sandbox.settings() : .object([])
    }

    /// What `HostConfig` says of the network.
    func setNetwork(_ object: inout JSONObject) throws(EngineError) {
        guard hasSandbox else { return }
        let request = try sandbox.record().request
        object.set("NetworkMode", networkMode(request.mode))
        object.set("PortBindings", portBindings(request.ports))
        object.set("PublishAllPorts", request.publishesAll)
        object.set("Dns", strings(request.dns.servers.map { "\($0)" }))
        object.set("DnsOptions", strings(request.dns.options))
        object.set("DnsSearch", strings(request.dns.search))
        object.set(
            "ExtraHosts",
            stringsOrNull(
                request.extraHosts.map { host in
                    "\(host.name):" + (host.address.map { "\($0)" } ?? "host-gateway")
                }))
        object.set("Links", stringsOrNull(request.links.map(link)))
    }

    private func networkMode(_ mode: NetworkMode) -> String {
        switch mode {
        case .host: "host"
        case .none: "none"
        case .container(let id): "container:\(id)"
        case .networks: networkNames().first ?? "bridge"
        }
    }

    /// `/OTHER:/THIS/ALIAS`
    private func link(_ link: LinkRequest) -> String {
        let other = (try? engine.record(link.containerID))??.name ?? link.containerID
        return "/\(other):/\(record.name)/\(link.alias)"
    }

    private func portBindings(_ ports: [PortRequest]) -> JSONValue {
        var names: [String] = []
        var bindings: [String: [JSONValue]] = [:]
        for port in ports {
            var object = JSONObject()
            object.set("HostIp", port.hostIP.map { "\($0)" } ?? "")
            object.set(
                "HostPort",
                port.hostPorts.map {
                    $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
                } ?? "")
            let name = "\(port.container)"
            if bindings[name] == nil { names.append(name) }
            bindings[name, default: []].append(object.value)
        }
        return .object(names.map { .init($0, .array(bindings[$0] ?? [])) })
    }
}
