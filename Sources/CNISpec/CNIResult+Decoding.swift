internal import Addressing
public import JSON

extension CNIResult {
    /// Reads a result in the shape of its own `cniVersion`, or of `version` when it does not say one.
    ///
    /// - Throws: ``JSONError``, also when its `cniVersion` is unknown.
    public init(_ reader: JSONReader, version: CNIVersion) throws(JSONError) {
        let written = try reader.optional("cniVersion")
        let own = try written?.string() ?? ""
        guard let version = own.isEmpty ? version : CNIVersion(rawValue: own) else {
            throw JSONError(
                path: written?.path ?? "",
                problem: .unknownValue(own, allowed: CNIVersion.allCases.map { $0.rawValue }))
        }
        self.init()
        if version <= .v0_2_0 {
            try take(reader.optional("ip4"))
            try take(reader.optional("ip6"))
        } else {
            for element in try reader.optional("interfaces")?.elements() ?? [] {
                interfaces.append(try Interface(element))
            }
            for element in try reader.optional("ips")?.elements() ?? [] {
                addresses.append(try Address(element))
            }
            routes = try Route.list(reader.optional("routes"))
        }
        if let dns = try reader.optional("dns") { self.dns = try DNS(dns) }
    }

    /// `ip4` or `ip6` of 0.1.0 and 0.2.0.
    private mutating func take(_ family: JSONReader?) throws(JSONError) {
        guard let family else { return }
        addresses.append(
            Address(
                try family.required("ip").ipPrefix(),
                gateway: try family.optional("gateway")?.ipAddressIfAny()
            ))
        routes += try Route.list(family.optional("routes"))
    }
}

extension CNIResult.Interface {
    init(_ reader: JSONReader) throws(JSONError) {
        self.init(
            name: try reader.optional("name")?.string() ?? "",
            mac: try reader.optional("mac")?.string() ?? "",
            sandbox: try reader.optional("sandbox")?.string() ?? "", mtu: try reader.positive("mtu"),
            socketPath: try reader.optional("socketPath")?.string() ?? "",
            pciID: try reader.optional("pciID")?.string() ?? "")
    }
}

extension CNIResult.Address {
    init(_ reader: JSONReader) throws(JSONError) {
        // Some plugins write -1 for no interface.
        let index = try reader.optional("interface")?.integer()
        self.init(
            try reader.required("address").ipPrefix(), interface: index.flatMap { $0 < 0 ? nil : Int($0) },
            gateway: try reader.optional("gateway")?.ipAddressIfAny())
    }
}

extension CNIResult.Route {
    /// Reads one route; also what `routes` in a plugin's configuration holds.
    public init(_ reader: JSONReader) throws(JSONError) {
        self.init(
            try reader.required("dst").ipPrefix(), gateway: try reader.optional("gw")?.ipAddressIfAny())
        mtu = try reader.positive("mtu")
        advertisedMSS = try reader.positive("advmss")
        priority = try reader.positive("priority")
        table = try reader.optional("table")?.uint32()
        scope = try reader.optional("scope")?.uint32()
    }

    /// Reads a list of routes; an absent one is empty.
    public static func list(_ reader: JSONReader?) throws(JSONError) -> [CNIResult.Route] {
        var routes: [CNIResult.Route] = []
        for element in try reader?.elements() ?? [] { routes.append(try CNIResult.Route(element)) }
        return routes
    }
}

extension CNIResult.DNS {
    /// Reads the `dns` object of a result or a configuration.
    public init(_ reader: JSONReader) throws(JSONError) {
        nameservers = try reader.optional("nameservers")?.strings() ?? []
        domain = try reader.optional("domain")?.string() ?? ""
        search = try reader.optional("search")?.strings() ?? []
        options = try reader.optional("options")?.strings() ?? []
    }
}

extension JSONReader {
    /// A number for which 0 says nothing.
    fileprivate func positive(_ name: String) throws(JSONError) -> UInt32? {
        let number = try optional(name)?.uint32()
        return number == 0 ? nil : number
    }
}
