internal import Addressing
package import CNIHost
internal import CNISpec
package import JSON

/// A network as a list of CNI plugins.
package struct NetworkRendering: Sendable {
    private let network: NetworkRecord
    private let environment: NetworkEnvironment

    package init(_ network: NetworkRecord, _ environment: NetworkEnvironment) {
        self.network = network
        self.environment = environment
    }

    /// What the host of plugins is given to attach a container.
    package func configuration() throws(EngineError) -> NetworkConfiguration {
        try NetworkConfiguration(rendered: document)
    }

    /// What it is given for GC and STATUS, which only CNI 1.1.0 has: that version, where every plugin of the network knows it.
    func newestConfiguration() throws(EngineError) -> NetworkConfiguration {
        var all = [plugin]
        if hasAddressManager { all.append(addressManager) }
        let asked = try NetworkConfiguration(rendered: pluginList(network.name, all, version: .latest))
        do throws(HostError) { try environment.host.validate(asked) } catch { return try configuration() }
        return try NetworkConfiguration(
            rendered: pluginList(network.name, [plugin], version: .latest))
    }

    /// The list of plugins. CNI 1.1.0, "Section 1"
    package var document: JSONValue { pluginList(network.name, [plugin]) }

    private var hasAddressManager: Bool {
        if network.isGlobal { return false }
        return network.driver == "bridge" || !network.subnets.isEmpty || network.addressManager != "default"
    }

    private var plugin: JSONObject {
        if network.isGlobal { return overlay }
        return network.driver == "bridge" ? bridge : stranger
    }

    /// A network of several hosts: the addresses are the cluster's.
    private var overlay: JSONObject {
        var plugin = JSONObject()
        plugin.set("type", Cluster.driver)
        network.setOverlay(&plugin)
        if network.isInternal {
            plugin.set("internal", true)
        } else {
            plugin.set("ipMasq", true)
            plugin.set("isolated", true)
        }
        plugin.set("runDir", environment.paths.run)
        plugin.set("capabilities", .object([.init("ips", .boolean(true)), .init("mac", .boolean(true))]))
        return plugin
    }

    private var bridge: JSONObject {
        var plugin = JSONObject()
        plugin.set("type", "bridge")
        plugin.set("bridge", network.bridgeName)
        plugin.set("isGateway", true)
        if network.isInternal {
            plugin.set("internal", true)
        } else if network.flag("com.docker.network.bridge.enable_ip_masquerade", usual: true) {
            plugin.set("ipMasq", true)
        }
        plugin.set("isolated", true)
        // With br_netfilter a container reaches its own published port by the port of the bridge it came in by.
        plugin.set("hairpinMode", true)
        plugin.set("macFromAddress", true)
        // A device that was there before the network keeps what others have given it, and outlives it.
        if !network.hasFoundBridge {
            plugin.set("removeEmptyBridge", true)
            plugin.set("forceAddress", true)
        }
        if !network.flag("com.docker.network.bridge.enable_icc", usual: true) {
            plugin.set("portIsolation", true)
        }
        plugin.set("mtu", network.options["com.docker.network.driver.mtu"].flatMap { UInt32($0) })
        plugin.set("capabilities", .object([.init("ips", .boolean(true)), .init("mac", .boolean(true))]))
        plugin.set("ipam", addressManager)
        return plugin
    }

    /// Somebody else's plugin: its keys are the options.
    private var stranger: JSONObject {
        var plugin = JSONObject()
        plugin.set("type", network.driver)
        for (name, text) in network.options.sorted(by: { $0.key < $1.key }) where !isOurs(name) {
            plugin.set(name, literal(text))
        }
        if network.isInternal { plugin.set("internal", true) }
        plugin.set("capabilities", .object([.init("ips", .boolean(true)), .init("mac", .boolean(true))]))
        if hasAddressManager { plugin.set("ipam", addressManager) }
        return plugin
    }

    private func isOurs(_ option: String) -> Bool {
        option.hasPrefix("com.docker.") || ["type", "capabilities", "ipam"].contains(option)
    }

    private var addressManager: JSONObject {
        var manager = JSONObject()
        manager.set("type", network.addressManager == "default" ? "ipam" : network.addressManager)
        for (name, text) in network.addressOptions.sorted(by: { $0.key < $1.key }) where name != "type" {
            manager.set(name, literal(text))
        }
        manager.set("order", "lowest")
        manager.set("dataDir", environment.paths.addresses)
        let families = IPAddress.Family.allCases.compactMap { family in
            let ranges = network.subnets.filter { $0.subnet.family == family }.map(range)
            return ranges.isEmpty ? nil : JSONValue.array(ranges)
        }
        manager.set("ranges", .array(families))
        return manager
    }

    private func range(_ subnet: NetworkRecord.Subnet) -> JSONValue {
        var object = JSONObject()
        object.set("subnet", "\(subnet.subnet)")
        if let range = subnet.range, range != subnet.subnet {
            // The first address of a range looks like a network's; Docker has its gateway there.
            object.set("rangeStart", range.first.advanced(by: 1).map { "\($0)" })
            let last = subnet.subnet.family == .v4 ? subnet.subnet.last.advanced(by: -1) : nil
            object.set("rangeEnd", "\(min(range.last, last ?? range.last))")
        }
        object.set("gateway", subnet.gateway.map { "\($0)" })
        object.set("exclude", subnet.auxiliary.values.sorted().map { "\($0)" })
        return object.value
    }
}

/// A list of plugins under a name.
///
/// ADD, CHECK and DEL of CNI 1.0.0 are those of 1.1.0, and every plugin in use knows them: any may stand in place of ours.
func pluginList(_ name: String, _ plugins: [JSONObject], version: CNIVersion = .v1_0_0) -> JSONValue {
    var list = JSONObject()
    list.set("cniVersion", version.rawValue)
    list.set("name", name)
    list.set("plugins", .array(plugins.map(\.value)))
    return list.value
}

extension NetworkConfiguration {
    /// The network of a document the engine has made.
    init(rendered document: JSONValue) throws(EngineError) {
        do throws(HostError) { try self.init(parsing: Array(document.text.utf8)) } catch {
            throw EngineError("\(error)")
        }
    }
}

/// What an option's text stands for: a boolean, a number, a list or an object where it is one, else a string.
func literal(_ text: String) -> JSONValue {
    guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return .string(text) }
    switch value {
    case .boolean, .integer, .array, .object: return value
    default: return .string(text)
    }
}
