import JSON
import Suite

/// The members a result has in a version of the specification.
struct ResultShape {
    private let version: String

    init(_ version: String) { self.version = version }

    private var isOldest: Bool { ["0.1.0", "0.2.0"].contains(version) }
    private var isMiddle: Bool { !isOldest && version.hasPrefix("0.") }
    /// Between 1.0.0 and 1.1.0 libraries change nothing but the version, so a result of 1.0.0 may have the new members.
    private var isNewest: Bool { !version.hasPrefix("0.") }

    /// Everything is there that must be, of the right type, and nothing that the version does not have.
    func check(_ result: JSONValue) throws(Stop) {
        guard result.member("cniVersion")?.string == version else {
            throw wrong("cniVersion \(version)", result)
        }
        if isOldest { return try checkOldest(result) }
        try onlyKnown(["cniVersion", "interfaces", "ips", "routes", "dns"], result, result)
        for item in result.member("interfaces")?.elements ?? [] {
            try onlyKnown(
                ["name", "mac", "sandbox"] + (isNewest ? ["mtu", "socketPath", "pciID"] : []), item, result)
            guard let name = item.member("name")?.string, !name.isEmpty else {
                throw wrong("a name for each interface", result)
            }
        }
        try checkAddresses(result)
        for item in result.member("routes")?.elements ?? [] {
            let more = isNewest ? ["mtu", "advmss", "priority", "table", "scope"] : []
            // Libraries before 1.1.0 copy what they do not know; of the older versions only a real stranger is one.
            try onlyKnown(["dst", "gw"] + more, item, result)
            guard item.member("dst")?.string?.contains("/") == true else {
                throw wrong("a dst for each route", result)
            }
        }
    }

    private func checkAddresses(_ result: JSONValue) throws(Stop) {
        let count = Int64(result.member("interfaces")?.elements.count ?? 0)
        for item in result.member("ips")?.elements ?? [] {
            try onlyKnown(["address", "gateway", "interface"] + (isMiddle ? ["version"] : []), item, result)
            guard let address = item.member("address")?.string, address.contains("/") else {
                throw wrong("an address with a prefix length", result)
            }
            if isMiddle {
                let family = address.contains(":") ? "6" : "4"
                guard item.member("version")?.string == family else {
                    throw wrong("version \(family) of \(address)", result)
                }
            }
            if let index = item.member("interface")?.integer, !(-1..<max(count, 1)).contains(index) {
                throw wrong("an interface below \(count)", result)
            }
        }
    }

    private func checkOldest(_ result: JSONValue) throws(Stop) {
        try onlyKnown(["cniVersion", "ip4", "ip6", "dns"], result, result)
        guard result.member("ip4") != nil || result.member("ip6") != nil else {
            throw wrong("ip4 or ip6", result)
        }
        for (name, mark) in [("ip4", "."), ("ip6", ":")] {
            guard let item = result.member(name) else { continue }
            try onlyKnown(["ip", "gateway", "routes"], item, result)
            guard let address = item.member("ip")?.string, address.contains("/"), address.contains(mark)
            else {
                throw wrong("an address of its family in \(name)", result)
            }
        }
    }

    private func onlyKnown(_ names: [String], _ object: JSONValue, _ whole: JSONValue) throws(Stop) {
        guard case .object(let members) = object else { throw wrong("an object", whole) }
        for member in members where !names.contains(member.name) {
            throw wrong("no member `\(member.name)` in version \(version)", whole)
        }
    }

    private func wrong(_ expected: String, _ result: JSONValue) -> Stop {
        .finding(expected: expected, seen: result.text)
    }
}
