package import Addressing

/// What somebody asks for a container's interface in one network.
package struct EndpointRequest: Hashable, Sendable {
    /// Name, ID or the beginning of an ID, as somebody typed it; the network's ID once it is stored.
    package var network: String
    /// Names of the container in this network, beside its own.
    package var aliases: [String]
    package var ip4: IPAddress?
    package var ip6: IPAddress?
    package var mac: MACAddress?
    /// The highest one has the default route.
    package var gatewayPriority: Int64
    /// Other containers of the network by names only this container knows: alias and the other's ID.
    package var links: [LinkRequest]
    /// What the interface is called in the container; `nil` is `eth` with the lowest free number.
    package var interfaceName: String?

    package init(
        network: String, aliases: [String] = [], ip4: IPAddress? = nil, ip6: IPAddress? = nil,
        mac: MACAddress? = nil, gatewayPriority: Int64 = 0, links: [LinkRequest] = [],
        interfaceName: String? = nil
    ) {
        self.network = network
        self.aliases = aliases
        self.ip4 = ip4
        self.ip6 = ip6
        self.mac = mac
        self.gatewayPriority = gatewayPriority
        self.links = links
        self.interfaceName = interfaceName
    }
}

extension EndpointRequest {
    /// Reads the long form of `--network`: `name=NET,alias=A,ip=ADDRESS,ip6=ADDRESS,mac-address=MAC,gw-priority=N`.
    ///
    /// A word without `=` is the name of a network.
    package init(option text: String) throws(EngineError) {
        guard text.contains("=") else {
            self.init(network: text)
            return
        }
        try self.init(fields: text.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    }

    /// Reads the fields of the long form, `KEY=VALUE` each.
    package init(fields: [String]) throws(EngineError) {
        self.init(network: "")
        for field in fields {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw EngineError("invalid field \(field)", .invalid)
            }
            try set(parts[0].lowercased(), to: String(parts[1]))
        }
        if network.isEmpty {
            throw EngineError("no network is named in \"\(fields.joined(separator: ","))\"", .invalid)
        }
    }

    private mutating func set(_ key: String, to value: String) throws(EngineError) {
        switch key {
        case "name": network = value
        case "alias": aliases.append(value)
        case "ip": ip4 = try address(value, .v4, key)
        case "ip6": ip6 = try address(value, .v6, key)
        case "mac-address":
            guard let mac = MACAddress(value), !mac.isMulticast, mac != .zero else {
                throw EngineError("invalid mac-address: \(value)", .invalid)
            }
            self.mac = mac
        case "gw-priority":
            guard let number = Int64(value) else {
                throw EngineError("invalid gw-priority: \(value)", .invalid)
            }
            gatewayPriority = number
        case "interface-name", "interface_name": interfaceName = value
        case "driver-opt":
            let label = "com.docker.network.endpoint.ifname="
            guard value.hasPrefix(label) else {
                throw EngineError("driver-opt \(value) is not supported", .invalid)
            }
            interfaceName = String(value.dropFirst(label.count))
        default: throw EngineError("invalid field key \(key)", .invalid)
        }
    }

    private func address(
        _ text: String, _ family: IPAddress.Family, _ key: String
    ) throws(EngineError) -> IPAddress {
        guard let address = IPAddress(text), address.family == family else {
            throw EngineError("invalid \(key) address: \(text)", .invalid)
        }
        return address
    }
}
