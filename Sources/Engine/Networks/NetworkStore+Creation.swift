internal import Addressing
internal import CNISpec
internal import JSON
internal import Kernel

/// The name of an attachment's file has an ID and the interface in it, too: NAME_MAX is 255.
private let longestName = 128

extension NetworkStore {
    /// Stores a new network. Its interfaces come with its first container.
    package func create(_ request: NetworkRequest) throws(EngineError) -> NetworkRecord {
        guard !NetworkRecord.predefined.contains(request.name) else {
            throw EngineError("operation is not permitted on predefined \(request.name) network", .conflict)
        }
        guard request.name.utf8.count <= longestName else {
            throw EngineError(
                "invalid network name \"\(shortened(request.name, to: 32))\": it has \(request.name.utf8.count) characters, at most \(longestName)",
                .invalid)
        }
        do throws(CNIError) { try Naming.checkNetworkName(request.name) } catch {
            throw EngineError(
                "invalid network name \"\(request.name)\": only [a-zA-Z0-9][a-zA-Z0-9_.-]* is allowed",
                .invalid
            )
        }
        let isGlobal = request.driver == Cluster.driver && !request.isConfigurationOnly
        let made = try isGlobal ? createOverlay(request) : createLocal(request)
        environment.paths.tell(
            EngineEvent(
                type: "network", action: "create", id: made.id,
                attributes: ["name": made.name, "type": made.driver]))
        return made
    }

    private func createLocal(_ request: NetworkRequest) throws(EngineError) -> NetworkRecord {
        try holding { () throws(EngineError) in
            let others = try networks()
            try checkName(request, among: others)
            let network = try record(for: request, among: others)
            try write(network)
            return network
        }
    }

    func checkName(_ request: NetworkRequest, among others: [NetworkRecord]) throws(EngineError) {
        guard !others.contains(where: { $0.name == request.name }) else {
            throw Self.nameIsTaken(request.name)
        }
    }

    static func nameIsTaken(_ name: String) -> EngineError {
        EngineError("network with name \(name) already exists", .conflict)
    }

    private func record(
        for request: NetworkRequest, among others: [NetworkRecord]
    ) throws(EngineError) -> NetworkRecord {
        let request = try withSource(request, among: others)
        if !request.isConfigurationOnly { try checkDriver(request) }
        try checkOptions(request, among: others)
        var network = NetworkRecord(
            id: newIdentifier(), name: request.name, created: currentTimestamp(),
            // Docker's name for what drives nothing.
            driver: request.isConfigurationOnly ? "null" : request.driver)
        network.subnets = try request.arrangedSubnets()
        network.hasIPv4 = request.hasIPv4
        network.hasIPv6 = request.hasIPv6 || network.subnets.contains { $0.subnet.family == .v6 }
        network.addressManager = request.addressManager
        network.addressOptions = request.addressOptions
        network.isInternal = request.isInternal
        network.isAttachable = request.isAttachable
        network.isConfigurationOnly = request.isConfigurationOnly
        network.configurationSource = request.configurationSource
        network.options = request.options
        if let name = request.options["com.docker.network.bridge.name"], request.driver == "bridge",
            interfaceExists(name)
        {
            network.options[NetworkRecord.foundBridge] = "true"
        }
        network.labels = request.labels
        if !network.isConfigurationOnly {
            try Self.choose(&network, among: others, routes: SubnetChoice.hostRoutes(exceptOn: []))
        }
        return network
    }

    /// Gives the network the subnets it lacks and a gateway in each; refuses one which another network has.
    static func choose(
        _ network: inout NetworkRecord, among others: [NetworkRecord], routes: [IPPrefix]
    ) throws(EngineError) {
        let taken = others.filter { !$0.isConfigurationOnly }.flatMap(\.subnets).map(\.subnet)
        for subnet in network.subnets where taken.contains(where: { $0.overlaps(subnet.subnet) }) {
            throw EngineError(
                "invalid pool request: Pool overlaps with other one on this address space", .conflict)
        }
        let families = Set(network.subnets.map(\.subnet.family))
        // Another address manager knows by itself which addresses there are.
        if network.addressManager == "default" {
            if network.hasIPv4, !families.contains(.v4) {
                let subnet = try SubnetChoice(taken: taken + routes).first4()
                network.subnets.insert(NetworkRecord.Subnet(subnet), at: 0)
            }
            if network.hasIPv6, !families.contains(.v6) {
                network.subnets.append(NetworkRecord.Subnet(SubnetChoice.unique6()))
            }
        }
        for index in network.subnets.indices where network.subnets[index].gateway == nil {
            network.subnets[index].gateway = network.subnets[index].subnet.first.advanced(by: 1)
        }
    }

    /// The request with what the network lends it names: subnets, options and flags.
    private func withSource(
        _ request: NetworkRequest, among others: [NetworkRecord]
    ) throws(EngineError) -> NetworkRequest {
        guard !request.configurationSource.isEmpty else { return request }
        guard !request.isConfigurationOnly else {
            throw EngineError(
                "configuration network cannot depend on another configuration network", .invalid)
        }
        let source = try Self.find(request.configurationSource, among: others)
        guard source.isConfigurationOnly else {
            throw EngineError("\(source.name) is not a configuration network", .invalid)
        }
        guard request.subnets.isEmpty, request.options.isEmpty, !request.isInternal, !request.hasIPv6 else {
            throw EngineError(
                "user specified configurations are not supported if the network depends on a configuration network",
                .invalid)
        }
        var request = request
        request.subnets = source.subnets.map(\.subnet)
        request.gateways = source.subnets.compactMap(\.gateway)
        request.ranges = source.subnets.compactMap(\.range)
        for subnet in source.subnets { request.auxiliary.merge(subnet.auxiliary) { $1 } }
        (request.hasIPv4, request.hasIPv6) = (source.hasIPv4, source.hasIPv6)
        (request.addressManager, request.addressOptions) = (source.addressManager, source.addressOptions)
        (request.options, request.isInternal) = (source.options, source.isInternal)
        request.labels.merge(source.labels) { own, _ in own }
        return request
    }

    func checkDriver(_ request: NetworkRequest) throws(EngineError) {
        if ["host", "null", "none"].contains(request.driver) {
            let name = request.driver == "none" ? "null" : request.driver
            throw EngineError("only one instance of \"\(name)\" network is allowed", .conflict)
        }
        for name in [request.driver, request.addressManager == "default" ? "ipam" : request.addressManager]
        where name.contains("/") || findFile(name, in: environment.pluginDirectories) == nil {
            throw EngineError(
                "plugin \"\(name)\" not found (looked in \(environment.pluginDirectories.joined(separator: ", ")))",
                .notFound)
        }
    }

    private func checkOptions(
        _ request: NetworkRequest, among others: [NetworkRecord]
    ) throws(EngineError) {
        guard request.hasIPv4 || request.hasIPv6 else {
            throw EngineError("IPv4 or IPv6 must be enabled", .invalid)
        }
        guard request.driver == "bridge" else { return }
        if let name = request.options["com.docker.network.bridge.name"] {
            do throws(CNIError) { try Naming.checkInterfaceName(name) } catch {
                throw EngineError("invalid bridge name \"\(name)\": \(error.message)", .invalid)
            }
            if let other = others.first(where: { $0.driver == "bridge" && $0.bridgeName == name }) {
                throw EngineError(
                    "conflicts with network \(other.shortID) (\(other.name)): networks have same bridge name",
                    .conflict)
            }
        }
        if let text = request.options["com.docker.network.driver.mtu"] {
            guard let mtu = UInt32(text), 68...65535 ~= mtu else {
                throw EngineError("invalid MTU \"\(text)\": it is a number from 68 to 65535", .invalid)
            }
        }
    }
}
