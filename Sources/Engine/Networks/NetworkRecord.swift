package import Addressing

/// A network: what was asked for when it was created, and the subnets it got. The file is what `inspect` shows, but for containers.
package struct NetworkRecord: Hashable, Sendable {
    /// 64 hexadecimal digits.
    package var id: String
    package var name: String
    /// RFC 3339.
    package var created: String
    /// The name of an executable in a plugin directory, or `host` or `null`.
    package var driver: String
    package var hasIPv4 = true
    package var hasIPv6 = false
    /// The address manager: `default` is our `ipam`, any other the name of an executable.
    package var addressManager = "default"
    package var addressOptions: [String: String] = [:]
    package var subnets: [Subnet] = []
    package var isInternal = false
    package var isAttachable = false
    /// The network whose configuration this one has; empty for its own.
    package var configurationSource = ""
    /// Whether it only lends its configuration to others.
    package var isConfigurationOnly = false
    package var options: [String: String] = [:]
    package var labels: [String: String] = [:]

    package init(id: String, name: String, created: String, driver: String) {
        self.id = id
        self.name = name
        self.created = created
        self.driver = driver
    }

    /// Addresses of a network.
    package struct Subnet: Hashable, Sendable {
        package var subnet: IPPrefix
        /// The part of it containers get addresses of; `nil` is all of it.
        package var range: IPPrefix?
        package var gateway: IPAddress?
        /// Addresses somebody else has, by name.
        package var auxiliary: [String: IPAddress] = [:]

        package init(_ subnet: IPPrefix) { self.subnet = subnet }
    }
}

extension NetworkRecord {
    /// The networks which are there from the beginning.
    package static let predefined = ["bridge", "host", "none"]

    package var isPredefined: Bool { Self.predefined.contains(name) }

    /// The network containers are in when nobody says another: it finds no names.
    package var isDefaultBridge: Bool { name == "bridge" }

    /// `swarm` is for others.
    package var scope: String { isGlobal ? "global" : "local" }

    /// The ID as tables show it.
    package var shortID: String { String(id.prefix(12)) }

    /// The device of a bridge.
    package var bridgeName: String {
        options["com.docker.network.bridge.name"] ?? (isDefaultBridge ? "apus0" : "br-\(shortID)")
    }

    /// What the names of the container's interfaces begin with.
    package var interfacePrefix: String {
        options["com.docker.network.container_iface_prefix"]
            ?? options["com.docker.network.container_interface_prefix"] ?? "eth"
    }

    /// The address of the host ports are published on when none is named.
    package var hostBinding: IPAddress? {
        options["com.docker.network.bridge.host_binding_ipv4"].flatMap { IPAddress($0) }
            .flatMap { $0.isUnspecified ? nil : $0 }
    }

    /// Whether the bridge was somebody else's before the network was created.
    var hasFoundBridge: Bool { options[Self.foundBridge] == "true" }

    /// The option that says so.
    static let foundBridge = "apus.bridge.found"

    /// An option that is `true` or `false`; `usual` when nothing was said.
    func flag(_ option: String, usual: Bool) -> Bool {
        switch options[option]?.lowercased() {
        case "true", "1": true
        case "false", "0": false
        default: usual
        }
    }
}
