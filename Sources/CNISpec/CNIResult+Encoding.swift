internal import Addressing
public import JSON

extension CNIResult {
    /// The object of the specification, as `version` writes it.
    ///
    /// - Throws: ``CNIError`` when `version` is 0.1.0 or 0.2.0, which cannot say that there is no address.
    public func json(_ version: CNIVersion) throws(CNIError) -> JSONValue {
        var object = JSONObject()
        object.set("cniVersion", version.rawValue)
        if version <= .v0_2_0 {
            guard !addresses.isEmpty else {
                throw CNIError(
                    .incompatibleVersion, "cannot convert: no valid IP addresses",
                    details: "a result without an address needs cniVersion 0.3.0 or newer, not \(version)")
            }
            object.set("ip4", json(.v4))
            object.set("ip6", json(.v6))
        } else {
            object.set("interfaces", interfaces) { $0.json(version) }
            object.set("ips", addresses) { $0.json(version) }
            object.set("routes", routes) { $0.json }
        }
        if version >= .v1_0_0 { object.set("dns", dns.json) } else { object.set("dns", dns.json.value) }
        return object.value
    }

    /// `ip4` or `ip6` of 0.1.0 and 0.2.0: the first address of the family, and its routes.
    private func json(_ family: IPAddress.Family) -> JSONObject {
        var object = JSONObject()
        guard let first = addresses.first(where: { $0.address.family == family }) else { return object }
        object.set("ip", first.address.description)
        object.set("gateway", first.gateway?.description)
        object.set("routes", routes.filter { $0.destination.family == family }) { $0.basic.value }
        return object
    }
}

extension CNIResult.Interface {
    fileprivate func json(_ version: CNIVersion) -> JSONValue {
        var object = JSONObject()
        object.set("name", name)
        object.set("mac", mac.isEmpty ? nil : mac)
        if version >= .v1_0_0 { object.set("mtu", mtu) }
        object.set("sandbox", sandbox.isEmpty ? nil : sandbox)
        if version >= .v1_0_0 {
            object.set("socketPath", socketPath.isEmpty ? nil : socketPath)
            object.set("pciID", pciID.isEmpty ? nil : pciID)
        }
        return object.value
    }
}

extension CNIResult.Address {
    fileprivate func json(_ version: CNIVersion) -> JSONValue {
        var object = JSONObject()
        if version < .v1_0_0 { object.set("version", address.family == .v4 ? "4" : "6") }
        object.set("interface", interface)
        object.set("address", address.description)
        object.set("gateway", gateway?.description)
        return object.value
    }
}

extension CNIResult.Route {
    /// Destination and gateway, which is all the oldest versions know.
    fileprivate var basic: JSONObject {
        var object = JSONObject()
        object.set("dst", destination.description)
        object.set("gw", gateway?.description)
        return object
    }

    fileprivate var json: JSONValue {
        var object = basic
        object.set("mtu", mtu)
        object.set("advmss", advertisedMSS)
        object.set("priority", priority)
        object.set("table", table)
        object.set("scope", scope)
        return object.value
    }
}

extension CNIResult.DNS {
    fileprivate var json: JSONObject {
        var object = JSONObject()
        object.set("nameservers", nameservers)
        object.set("domain", domain.isEmpty ? nil : domain)
        object.set("search", search)
        object.set("options", options)
        return object
    }
}
