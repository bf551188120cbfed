internal import Addressing
internal import CNIHost
internal import CNISpec
internal import JSON

extension Sandbox {
    /// What the attachments of this container which are no endpoints are called in the cache of attachments.
    enum Attachments {
        static let loopback = "lo"
        static let way = "route"
        static let ports = "ports"
        static func names(of network: String) -> String { "\(network).dns" }
    }

    func parameters(
        _ interface: String, capabilities: [JSONValue.Member] = []
    ) -> AttachmentParameters {
        AttachmentParameters(
            containerID: containerID, interface: interface, namespace: namespace.path,
            capabilities: capabilities)
    }

    /// Runs what the host of plugins does; `what` stands before the reason.
    func hosting<Value>(
        _ what: @autoclosure () -> String, _ body: (PluginHost) throws(HostError) -> Value
    ) throws(EngineError) -> Value {
        do throws(HostError) { return try body(environment.host) } catch {
            throw EngineError("\(what()): \(error)")
        }
    }

    func addLoopback() throws(EngineError) {
        // It stays in a namespace which stays.
        let known = try hosting("lo") { (host) throws(HostError) in
            try host.cache.entry(key(Attachments.loopback, "lo"))
        }
        if known?.state == .attached { return }
        let configuration = try loopback()
        let parameters = parameters("lo")
        _ = try hosting("lo") { (host) throws(HostError) in try host.add(configuration, parameters) }
    }

    func removeLoopback() throws(EngineError) {
        let configuration = try loopback()
        let parameters = parameters("lo")
        try hosting("lo") { (host) throws(HostError) in
            try host.delete(configuration.name, configuration, parameters)
        }
    }

    private func loopback() throws(EngineError) -> NetworkConfiguration {
        var plugin = JSONObject()
        plugin.set("type", "loopback")
        return try NetworkConfiguration(rendered: pluginList(Attachments.loopback, [plugin]))
    }

    func key(_ network: String, _ interface: String) -> AttachmentKey {
        AttachmentKey(network: network, containerID: containerID, interface: interface)
    }

    /// The name for the interface of an endpoint: the one asked for, else the lowest free number.
    func freeInterface(
        for index: Int, _ network: NetworkRecord, in record: SandboxRecord
    ) -> String {
        if let name = record.endpoints[index].request.interfaceName { return name }
        var taken = Set(record.endpoints.compactMap(\.interface))
        // Who asked for a name of his own gets it, wherever he stands in the list.
        taken.formUnion(record.endpoints.compactMap(\.request.interfaceName))
        var number = 0
        while taken.contains("\(network.interfacePrefix)\(number)") { number += 1 }
        return "\(network.interfacePrefix)\(number)"
    }

    /// ADD of an endpoint, whose interface has a name already; the record is not written.
    func attach(
        _ index: Int, _ network: NetworkRecord, _ record: inout SandboxRecord
    ) throws(EngineError) {
        let entry = record.endpoints[index]
        guard let interface = entry.interface else {
            fatalError("an endpoint is named before it is attached")
        }
        let configuration = try NetworkRendering(network, environment).configuration()
        let parameters = parameters(
            interface, capabilities: try capabilities(entry.request, network))
        let result = try hosting("failed to set up container networking: network \(network.name)") {
            (host) throws(HostError) in try host.add(configuration, parameters)
        }
        let value = result.value
        record.endpoints[index].attached = Endpoint.Attached(
            interface: interface,
            mac: value.interfaces.last { $0.name == interface && !$0.sandbox.isEmpty }?.mac ?? "",
            addresses: value.addresses(of: interface).map(\.address),
            // Of an internal network the address is the host's, but no way out.
            gateways: network.isInternal ? [] : value.addresses(of: interface).compactMap(\.gateway))
    }

    private func capabilities(
        _ request: EndpointRequest, _ network: NetworkRecord
    ) throws(EngineError) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        let addresses = [request.ip4, request.ip6].compactMap { $0 }
        if !addresses.isEmpty {
            members.append(
                .init("ips", .array(addresses.map { .string(text(of: $0, in: network)) })))
        }
        if let mac = request.mac { members.append(.init("mac", .string("\(mac)"))) }
        return members
    }

    /// An address with the length of its subnet's prefix.
    private func text(of address: IPAddress, in network: NetworkRecord) -> String {
        guard let subnet = network.subnets.first(where: { $0.subnet.contains(address) }) else {
            return "\(address)"
        }
        return "\(address)/\(subnet.subnet.length)"
    }

    /// DEL of an endpoint, if it has or may have an interface; the record is not written.
    func detach(_ index: Int, _ record: inout SandboxRecord) throws(EngineError) {
        let entry = record.endpoints[index]
        guard let interface = entry.interface else { return }
        // A network that was removed by force is remembered by its attachment.
        let network = try store.network(entry.networkID)
        let configuration: NetworkConfiguration? =
            if let network { try NetworkRendering(network, environment).configuration() } else { nil }
        let name = network?.name ?? entry.networkName
        let parameters = parameters(interface)
        try hosting("network \(name)") { (host) throws(HostError) in
            // Before a plugin is asked for anything it is remembered: what is not never began, or has been undone.
            if try host.cache.entry(key(name, interface)) == nil { return }
            try host.delete(name, configuration, parameters)
        }
        record.endpoints[index].interface = nil
        record.endpoints[index].attached = nil
    }

    /// What ADD of an endpoint answered, for the attachments which stand behind it.
    func result(of entry: SandboxRecord.Entry) throws(EngineError) -> JSONValue? {
        guard let interface = entry.interface else { return nil }
        return try hosting("network \(entry.networkName)") { (host) throws(HostError) in
            try host.cache.entry(key(entry.networkName, interface))?.record.result
        }
    }
}
