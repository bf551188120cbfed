import JSON
import Suite

extension PluginBench {
    /// The container's interface is up and has the addresses of `result`.
    func expectInterface(_ result: JSONValue) throws(Stop) {
        let link = try look(["ip", "-n", first.namespace, "-j", "link", "show", "dev", first.interface]).first
        let isUp = link?.member("flags")?.elements.contains(.string("UP")) ?? false
        try require(isUp, "\(first.interface) up in the container", seen: link?.text ?? "no such link")
        let real = try realAddresses(first)
        for address in addresses(of: result) {
            try require(
                real.contains(address), "\(address) on \(first.interface)", seen: real.joined(separator: " "))
        }
    }

    /// Whether a result of this plugin can be written in `version`: the oldest ones need an address.
    func canAnswer(in version: String) -> Bool {
        guard knownVersions.contains(version) else { return false }
        if version != "0.1.0" && version != "0.2.0" { return true }
        return plugin.kind != .interface || plugin.hasAddresses || plugin.interface == "lo"
    }

    /// `previous` without what a plugin may change and tell: hardware address and MTU of an interface, where the way out leads.
    func unchangeable(_ previous: JSONValue) -> JSONValue {
        switch plugin.type {
        case "tuning": previous.settingEach(of: "interfaces") { $0.setting("mac", nil).setting("mtu", nil) }
        // To set the default route of the main table is what it is there for.
        case "route":
            previous.settingEach(of: "routes") { route in
                let isDefault = route.member("dst") == .string("0.0.0.0/0") && route.member("table") == nil
                return isDefault ? route.setting("gw", nil) : route
            }
        default: previous
        }
    }
}

extension JSONValue {
    /// The elements of the list `name`, each changed by `change`; nothing where there is no such list.
    fileprivate func settingEach(of name: String, _ change: (JSONValue) -> JSONValue) -> JSONValue {
        guard let list = member(name) else { return self }
        return setting(name, .array(list.elements.map(change)))
    }
}
