package import Addressing

/// What somebody asks of a new network. `network create`
package struct NetworkRequest: Hashable, Sendable {
    package var name: String
    package var driver = "bridge"
    package var subnets: [IPPrefix] = []
    package var gateways: [IPAddress] = []
    /// `--ip-range`
    package var ranges: [IPPrefix] = []
    /// `--aux-address`
    package var auxiliary: [String: IPAddress] = [:]
    package var hasIPv4 = true
    package var hasIPv6 = false
    package var addressManager = "default"
    package var addressOptions: [String: String] = [:]
    package var isInternal = false
    package var isAttachable = false
    package var isConfigurationOnly = false
    /// Name of a network which lends its configuration; empty for none.
    package var configurationSource = ""
    package var options: [String: String] = [:]
    package var labels: [String: String] = [:]

    package init(name: String) { self.name = name }
}

extension NetworkRequest {
    /// Puts ranges, gateways and further addresses to the subnets they are in, in Docker's words where they are in none.
    func arrangedSubnets() throws(EngineError) -> [NetworkRecord.Subnet] {
        var arranged: [NetworkRecord.Subnet] = []
        for subnet in subnets {
            guard subnet == subnet.network else {
                throw EngineError("invalid subnet \(subnet): it should be \(subnet.network)", .invalid)
            }
            guard !arranged.contains(where: { $0.subnet.overlaps(subnet) }) else {
                throw EngineError("multiple overlapping subnet configuration is not supported", .invalid)
            }
            guard subnet.length <= subnet.family.bitCount - 2 else {
                throw EngineError("invalid subnet \(subnet): it has no room for containers", .invalid)
            }
            arranged.append(NetworkRecord.Subnet(subnet))
        }
        if arranged.isEmpty, !(ranges.isEmpty && gateways.isEmpty && auxiliary.isEmpty) {
            throw EngineError("every ip-range or gateway must have a corresponding subnet", .invalid)
        }
        for range in ranges { try put(range, to: &arranged) }
        for gateway in gateways { try put(gateway: gateway, to: &arranged) }
        for (name, address) in auxiliary.sorted(by: { $0.key < $1.key }) {
            guard let index = arranged.firstIndex(where: { $0.subnet.contains(address) }) else {
                throw EngineError("no matching subnet for aux-address \(address)", .invalid)
            }
            arranged[index].auxiliary[name] = address
        }
        return arranged
    }

    private func put(_ range: IPPrefix, to subnets: inout [NetworkRecord.Subnet]) throws(EngineError) {
        guard
            let index = subnets.firstIndex(where: {
                $0.subnet.contains(range.address) && $0.subnet.length <= range.length
            })
        else { throw EngineError("no matching subnet for range \(range)", .invalid) }
        if let other = subnets[index].range {
            throw EngineError(
                "cannot configure multiple ranges (\(range), \(other)) on the same subnet (\(subnets[index].subnet))",
                .invalid)
        }
        subnets[index].range = range.network
    }

    private func put(
        gateway: IPAddress, to subnets: inout [NetworkRecord.Subnet]
    ) throws(EngineError) {
        guard let index = subnets.firstIndex(where: { $0.subnet.contains(gateway) }) else {
            throw EngineError("no matching subnet for gateway \(gateway)", .invalid)
        }
        if let other = subnets[index].gateway {
            throw EngineError(
                "cannot configure multiple gateways (\(gateway), \(other)) for the same subnet (\(subnets[index].subnet))",
                .invalid)
        }
        subnets[index].gateway = gateway
    }
}
