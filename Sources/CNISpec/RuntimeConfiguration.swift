public import Addressing
public import JSON

/// What the runtime gives a plugin for this container: `runtimeConfig`. CNI conventions, "Dynamic plugin specific fields".
///
/// Each capability is read when it is asked for; one that was not given is `nil` or empty.
public struct RuntimeConfiguration: Sendable {
    private let reader: JSONReader?

    /// `reader`: the member `runtimeConfig`, `nil` when there is none.
    public init(_ reader: JSONReader?) { self.reader = reader }

    /// The value of the capability `name`, for one that has no function here.
    public func value(_ name: String) throws(JSONError) -> JSONReader? { try reader?.optional(name) }

    /// Ports of the host which lead to the container. Capability `portMappings`.
    public func portMappings() throws(JSONError) -> [PortMapping] {
        try list("portMappings") { (element) throws(JSONError) in try PortMapping(element) }
    }

    /// Pools to take addresses from, one address of each. Capability `ipRanges`.
    public func ipRanges() throws(JSONError) -> [[IPRange]] {
        try list("ipRanges") { (element) throws(JSONError) in try IPRange.set(element) }
    }

    /// Addresses the container should have. Capability `ips`.
    public func ips() throws(JSONError) -> [RequestedAddress] {
        try list("ips") { (element) throws(JSONError) in try RequestedAddress(element) }
    }

    /// Limits of the traffic. Capability `bandwidth`.
    public func bandwidth() throws(JSONError) -> Bandwidth? {
        guard let value = try value("bandwidth") else { return nil }
        return try Bandwidth(value)
    }

    /// How names are looked up. Capability `dns`, whose members have other names than those of a result.
    public func dns() throws(JSONError) -> CNIResult.DNS? {
        guard let value = try value("dns") else { return nil }
        var dns = CNIResult.DNS()
        dns.nameservers = try value.optional("servers")?.strings() ?? []
        dns.search = try value.optional("searches")?.strings() ?? []
        dns.options = try value.optional("options")?.strings() ?? []
        return dns
    }

    /// The interface's MAC address. Capability `mac`.
    public func mac() throws(JSONError) -> MACAddress? {
        guard let value = try value("mac"), try !value.string().isEmpty else { return nil }
        return try value.macAddress()
    }

    /// Other names of the container on `network`. Capability `aliases`: a list, or an object of lists by network.
    public func aliases(on network: String) throws(JSONError) -> [String] {
        guard let value = try value("aliases") else { return [] }
        guard case .object = value.value else { return try value.strings() }
        for member in try value.members() where member.name == network { return try member.value.strings() }
        return []
    }

    /// The port of an InfiniBand device. Capability `infinibandGUID`.
    public func infinibandGUID() throws(JSONError) -> String? { try value("infinibandGUID")?.string() }

    /// A device of the host, by its PCI address. Capability `deviceID`.
    public func deviceID() throws(JSONError) -> String? { try value("deviceID")?.string() }

    /// Capability `cgroupPath`.
    public func cgroupPath() throws(JSONError) -> String? { try value("cgroupPath")?.string() }

    /// Capability `io.kubernetes.cri.pod-annotations`.
    public func podAnnotations() throws(JSONError) -> [String: String] {
        try value("io.kubernetes.cri.pod-annotations")?.stringMap() ?? [:]
    }

    private func list<Item>(
        _ name: String, _ item: (JSONReader) throws(JSONError) -> Item
    ) throws(JSONError) -> [Item] {
        var items: [Item] = []
        for element in try value(name)?.elements() ?? [] { items.append(try item(element)) }
        return items
    }
}
