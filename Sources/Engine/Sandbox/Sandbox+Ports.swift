internal import Addressing
internal import CNIHost
internal import CNISpec
internal import JSON
internal import Kernel
internal import PortGuard

extension Sandbox {
    /// Publishes what is asked for by an endpoint: that which has the way out.
    ///
    /// Ports which were chosen already keep their numbers.
    func publish(
        _ entry: SandboxRecord.Entry, _ network: NetworkRecord, _ record: inout SandboxRecord
    ) throws(EngineError) {
        let requests = requests(record)
        guard !requests.isEmpty, let interface = entry.interface else { return }
        try withLock(paths.portRecords) { () throws(EngineError) in
            do throws(EngineError) {
                if record.ports.isEmpty { record.ports = try choose(requests, network) }
            } catch { throw failure(entry, record, "\(error)") }
            record.publisher = interface
            try record.write(paths)
            try lead(record.ports, to: entry, record)
            // After the plugin, which takes a listener for a stranger.
            do throws(EngineError) { try Daemon(paths).hold(portRecord(entry, record)) } catch {
                guard error.kind == .conflict else { throw error }
                throw failure(entry, record, "failed to bind host port: \(error)")
            }
        }
    }

    private func choose(
        _ requests: [PortRequest], _ network: NetworkRecord
    ) throws(EngineError) -> [SandboxRecord.Port] {
        var choice = PortChoice(paths, except: containerID)
        var ports: [SandboxRecord.Port] = []
        for request in requests {
            let hostIP = request.hostIP ?? network.hostBinding
            ports.append(
                SandboxRecord.Port(
                    container: request.container, hostIP: hostIP,
                    hostPort: try choice.take(request, hostIP: hostIP)))
        }
        return ports
    }

    /// What was asked for, and with `-P` what is exposed besides.
    private func requests(_ record: SandboxRecord) -> [PortRequest] {
        let asked = record.request.ports
        guard record.request.publishesAll else { return asked }
        let rest = Set(record.request.exposed).subtracting(asked.map(\.container)).sorted()
        return asked + rest.map { PortRequest(container: $0) }
    }

    private func failure(
        _ entry: SandboxRecord.Entry, _ record: SandboxRecord, _ reason: String
    ) -> EngineError {
        EngineError(
            "driver failed programming external connectivity on endpoint \(record.request.name) (\(entry.id)): \(reason)",
            .conflict)
    }

    private func lead(
        _ ports: [SandboxRecord.Port], to entry: SandboxRecord.Entry, _ record: SandboxRecord
    ) throws(EngineError) {
        guard let interface = entry.interface else { return }
        let configuration = try portConfiguration()
        let parameters = parameters(
            interface, capabilities: [.init("portMappings", .array(ports.map(\.mapping)))])
        let previous = try result(of: entry)
        do throws(HostError) {
            _ = try environment.host.add(
                configuration, parameters, previousResult: previous ?? .object([]))
        } catch { throw failure(entry, record, Self.reason(error)) }
    }

    /// What the plugin says, without what surrounds it.
    private static func reason(_ error: HostError) -> String {
        guard case .plugin(let failure) = error else { return "\(error)" }
        return "failed to bind host port: \(failure.error.message)"
    }

    /// Takes the published ports away; their numbers stay the container's while it runs.
    func unpublish(_ record: inout SandboxRecord) throws(EngineError) {
        guard let publisher = record.publisher else { return }
        try Daemon(paths).release(containerID: containerID)
        let configuration = try portConfiguration()
        let parameters = parameters(publisher)
        try hosting("published ports") { (host) throws(HostError) in
            try host.delete(configuration.name, configuration, parameters)
        }
        record.publisher = nil
    }

    private func portConfiguration() throws(EngineError) -> NetworkConfiguration {
        var plugin = JSONObject()
        plugin.set("type", "portmap")
        plugin.set("capabilities", .object([.init("portMappings", .boolean(true))]))
        return try NetworkConfiguration(rendered: pluginList(Attachments.ports, [plugin]))
    }

    /// What `apus-netd` holds and carries: IPv4's address serves callers of both families.
    private func portRecord(_ entry: SandboxRecord.Entry, _ record: SandboxRecord) -> PortRecord {
        guard let address = entry.attached?.addresses.map(\.address).min() else {
            return PortRecord(containerID: containerID, ports: [])
        }
        let ports = record.ports.map { port in
            PortGuard.PublishedPort(
                .init(rawValue: port.container.transport.rawValue) ?? .tcp, hostAddress: port.hostIP,
                hostPort: port.hostPort, to: address, containerPort: port.container.number)
        }
        return PortRecord(containerID: containerID, name: record.request.name, ports: ports)
    }
}

extension SandboxRecord.Port {
    /// One element of `portMappings`.
    fileprivate var mapping: JSONValue {
        var object = JSONObject()
        object.set("hostPort", hostPort)
        object.set("containerPort", container.number)
        object.set("protocol", container.transport.rawValue)
        object.set("hostIP", hostIP.map { "\($0)" })
        return object.value
    }
}
