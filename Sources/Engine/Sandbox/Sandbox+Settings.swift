internal import Addressing
package import JSON

extension Sandbox {
    /// `NetworkSettings` of `inspect`.
    package func settings() throws(EngineError) -> JSONValue {
        let record = try record()
        let isRunning = record.isRunning(containerID, paths)
        var object = JSONObject()
        object.set("Bridge", "")
        object.set("SandboxID", isRunning ? containerID : "")
        object.set("SandboxKey", isRunning ? namespace.path : "")
        object.set("Ports", ports(record, isRunning))
        setDefaultBridge(record, isRunning, &object)
        var networks: [JSONValue.Member] = try modeNetwork(record)
        for entry in record.endpoints {
            let network = try store.network(entry.networkID)
            networks.append(.init(network?.name ?? entry.networkName, settings(entry, record, isRunning)))
        }
        object.set("Networks", .object(networks))
        return object.value
    }

    /// Docker's older members: what the container has on the default bridge.
    private func setDefaultBridge(
        _ record: SandboxRecord, _ isRunning: Bool, _ object: inout JSONObject
    ) {
        let entry = record.endpoints.first { $0.networkName == "bridge" }
        let attached = isRunning ? entry?.attached : nil
        object.set("EndpointID", attached == nil ? "" : entry?.id ?? "")
        setAddresses(attached, &object)
        object.set("MacAddress", attached?.mac ?? "")
    }

    private func setAddresses(_ attached: Endpoint.Attached?, _ object: inout JSONObject) {
        for (family, gateway, address, length) in [
            (IPAddress.Family.v4, "Gateway", "IPAddress", "IPPrefixLen"),
            (.v6, "IPv6Gateway", "GlobalIPv6Address", "GlobalIPv6PrefixLen"),
        ] {
            let prefix = attached?.addresses.first { $0.family == family }
            object.set(gateway, attached?.gateways.first { $0.family == family }.map { "\($0)" } ?? "")
            object.set(address, prefix.map { "\($0.address)" } ?? "")
            object.set(length, prefix?.length ?? 0)
        }
    }

    /// The modes which are networks by name only.
    private func modeNetwork(_ record: SandboxRecord) throws(EngineError) -> [JSONValue.Member] {
        let name: String
        switch record.request.mode {
        case .host: name = "host"
        case .none: name = "none"
        case .container, .networks: return []
        }
        let network = try store.find(name)
        var object = JSONObject()
        setRequest(EndpointRequest(network: network.id), &object)
        object.set("NetworkID", network.id)
        object.set("EndpointID", "")
        setAddresses(nil, &object)
        object.set("DNSNames", .null)
        return [.init(name, object.value)]
    }

    private func settings(
        _ entry: SandboxRecord.Entry, _ record: SandboxRecord, _ isRunning: Bool
    ) -> JSONValue {
        let attached = isRunning ? entry.attached : nil
        var object = JSONObject()
        setRequest(entry.request, &object)
        object.set("MacAddress", attached?.mac ?? "")
        object.set("GwPriority", entry.request.gatewayPriority)
        object.set("NetworkID", entry.networkID)
        object.set("EndpointID", attached == nil ? "" : entry.id)
        setAddresses(attached, &object)
        object.set("DNSNames", names(entry, record))
        return object.value
    }

    private func setRequest(_ request: EndpointRequest, _ object: inout JSONObject) {
        var wishes = JSONObject()
        wishes.set("IPv4Address", request.ip4.map { "\($0)" })
        wishes.set("IPv6Address", request.ip6.map { "\($0)" })
        object.set("IPAMConfig", wishes.isEmpty ? .null : wishes.value)
        object.set(
            "Links",
            request.links.isEmpty
                ? .null : .array(request.links.map { .string("\($0.containerID):\($0.alias)") }))
        object.set("Aliases", request.aliases.isEmpty ? .null : .array(request.aliases.map { .string($0) }))
    }

    private func names(_ entry: SandboxRecord.Entry, _ record: SandboxRecord) -> JSONValue {
        guard entry.networkName != "bridge" else { return .null }
        var names = [record.request.name] + entry.request.aliases + [String(containerID.prefix(12))]
        if !record.request.hostname.isEmpty { names.append(record.request.hostname) }
        var seen: Set<String> = []
        return .array(names.filter { seen.insert($0).inserted }.map { .string($0) })
    }

    /// Published ports with where they are, and exposed ones with `null`.
    private func ports(_ record: SandboxRecord, _ isRunning: Bool) -> JSONValue {
        guard isRunning else { return .object([]) }
        let published = record.publisher == nil ? [] : record.ports
        let all = Set(record.request.exposed + published.map(\.container)).sorted()
        return .object(
            all.map { port in
                let bindings = published.filter { $0.container == port }.flatMap { published in
                    (published.hostIP.map { [$0] } ?? IPAddress.everywhere).map { address in
                        var object = JSONObject()
                        object.set("HostIp", "\(address)")
                        object.set("HostPort", "\(published.hostPort)")
                        return object.value
                    }
                }
                return .init("\(port)", bindings.isEmpty ? .null : .array(bindings))
            })
    }
}
