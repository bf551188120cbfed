internal import Addressing
internal import CNISpec
internal import JSON

// A network of several hosts: `subnets`, `options` and the ID are as the cluster has them.
extension NetworkRecord {
    /// Whether other hosts may have it, too.
    package var isGlobal: Bool { driver == Cluster.driver }

    /// The record of a network of the cluster, as apus-netd tells of it.
    init(overlay reader: JSONReader) throws(JSONError) {
        self.init(
            id: try reader.required("id").string(), name: try reader.required("name").string(),
            created: try reader.optional("created")?.string() ?? "", driver: Cluster.driver)
        for (prefix, gateway) in [("subnet", "gateway"), ("subnet6", "gateway6")] {
            guard let prefix = try reader.optional(prefix)?.ipPrefix() else { continue }
            var subnet = Subnet(prefix)
            subnet.gateway = try reader.optional(gateway)?.ipAddress()
            subnets.append(subnet)
        }
        hasIPv6 = subnets.contains { $0.subnet.family == .v6 }
        isInternal = try reader.optional("internal")?.boolean() ?? false
        isAttachable = try reader.optional("attachable")?.boolean() ?? false
        labels = try reader.optional("labels")?.stringMap() ?? [:]
        for (option, member) in OverlayOption.numbers {
            options[option] = try reader.optional(member)?.integer().description
        }
    }

    /// The members apus-netd and the plugin know the network's addresses and numbers by.
    func setOverlay(_ object: inout JSONObject) {
        for (family, prefix, gateway) in [
            (IPAddress.Family.v4, "subnet", "gateway"), (.v6, "subnet6", "gateway6"),
        ] {
            guard let subnet = subnets.first(where: { $0.subnet.family == family }) else { continue }
            object.set(prefix, "\(subnet.subnet)")
            object.set(gateway, subnet.gateway.map { "\($0)" })
        }
        for (option, member) in OverlayOption.numbers {
            object.set(member, options[option].flatMap { Int64($0) })
        }
    }
}

/// Options of a network of several hosts.
enum OverlayOption {
    /// What `--opt` and `inspect` call a number, and what the cluster does.
    static let numbers = [
        ("vni", "vni"), ("blockSize", "blockSize"), ("com.docker.network.driver.mtu", "mtu"),
    ]
}

extension NetworkRequest {
    /// What the cluster is asked for. JSON of an `OverlayControl.NetworkWish`.
    ///
    /// - Throws: ``EngineError`` for what a network of several hosts cannot have.
    func overlayWish() throws(EngineError) -> JSONObject {
        try checkOverlay()
        var network = NetworkRecord(id: "", name: name, created: "", driver: driver)
        network.subnets = try arrangedSubnets()
        network.options = options
        for family in IPAddress.Family.allCases
        where network.subnets.filter({ $0.subnet.family == family }).count > 1 {
            throw EngineError("an overlay network has one subnet of each family", .invalid)
        }
        if hasIPv6, !network.subnets.contains(where: { $0.subnet.family == .v6 }) {
            network.subnets.append(NetworkRecord.Subnet(SubnetChoice.unique6()))
        }
        var wish = JSONObject()
        wish.set("name", name)
        network.setOverlay(&wish)
        wish.set("internal", isInternal ? true : nil)
        wish.set("attachable", isAttachable ? true : nil)
        wish.set("labels", labels)
        return wish
    }

    private func checkOverlay() throws(EngineError) {
        let refused = [
            (
                "--ip-range", !ranges.isEmpty,
                "each host takes blocks of the subnet; -o blockSize=BITS is their prefix"
            ),
            ("--aux-address", !auxiliary.isEmpty, "each host takes blocks of the subnet"),
            ("--ipam-driver", addressManager != "default", "the addresses are the cluster's"),
            ("--ipam-opt", !addressOptions.isEmpty, "the addresses are the cluster's"),
            ("--config-from", !configurationSource.isEmpty, "a configuration is this host's alone"),
            ("--ipv4=false", !hasIPv4, "IPv6 addresses follow from the IPv4 addresses"),
        ]
        if let (flag, _, reason) = refused.first(where: \.1) {
            throw EngineError("an overlay network has no \(flag): \(reason)", .invalid)
        }
        let known = OverlayOption.numbers.map(\.0)
        for (name, text) in options.sorted(by: { $0.key < $1.key }) {
            guard known.contains(name) else {
                throw EngineError(
                    "an overlay network has no option \"\(name)\"; there are \(known.joined(separator: ", "))",
                    .invalid)
            }
            guard Int64(text) != nil else {
                throw EngineError("invalid option \(name)=\(text): it is a number", .invalid)
            }
        }
    }
}
