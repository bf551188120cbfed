internal import Addressing
internal import CNISpec
package import JSON

extension NetworkRecord {
    /// The network as `inspect` shows it and the store keeps it, in Docker's order. `containers`: for `inspect`.
    package func json(containers: JSONValue = .object([])) -> JSONValue {
        var object = JSONObject()
        object.set("Name", name)
        object.set("Id", id)
        object.set("Created", created)
        object.set("Scope", scope)
        object.set("Driver", driver)
        object.set("EnableIPv4", hasIPv4)
        object.set("EnableIPv6", hasIPv6)
        object.set("IPAM", addressing.value)
        object.set("Internal", isInternal)
        object.set("Attachable", isAttachable)
        object.set("Ingress", false)
        object.set("ConfigFrom", .object([.init("Network", .string(configurationSource))]))
        object.set("ConfigOnly", isConfigurationOnly)
        object.set("Containers", containers)
        object.set("Options", texts(options))
        object.set("Labels", texts(labels))
        return object.value
    }

    private var addressing: JSONObject {
        var object = JSONObject()
        object.set("Driver", addressManager)
        object.set("Options", texts(addressOptions))
        object.set("Config", .array(subnets.map(\.json)))
        return object
    }

    package init(_ value: JSONValue) throws(JSONError) {
        let reader = JSONReader(value)
        self.init(
            id: try reader.required("Id").string(), name: try reader.required("Name").string(),
            created: try reader.required("Created").string(), driver: try reader.required("Driver").string())
        hasIPv4 = try reader.optional("EnableIPv4")?.boolean() ?? true
        hasIPv6 = try reader.optional("EnableIPv6")?.boolean() ?? false
        if let addressing = try reader.optional("IPAM") {
            addressManager = try addressing.optional("Driver")?.string() ?? "default"
            addressOptions = try addressing.optional("Options")?.stringMap() ?? [:]
            for element in try addressing.optional("Config")?.elements() ?? [] {
                subnets.append(try Subnet(element))
            }
        }
        isInternal = try reader.optional("Internal")?.boolean() ?? false
        isAttachable = try reader.optional("Attachable")?.boolean() ?? false
        configurationSource = try reader.optional("ConfigFrom")?.optional("Network")?.string() ?? ""
        isConfigurationOnly = try reader.optional("ConfigOnly")?.boolean() ?? false
        options = try reader.optional("Options")?.stringMap() ?? [:]
        labels = try reader.optional("Labels")?.stringMap() ?? [:]
    }
}

extension NetworkRecord.Subnet {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("Subnet", "\(subnet)")
        object.set("IPRange", range.map { "\($0)" })
        object.set("Gateway", gateway.map { "\($0)" })
        if !auxiliary.isEmpty { object.set("AuxiliaryAddresses", texts(auxiliary.mapValues { "\($0)" })) }
        return object.value
    }

    fileprivate init(_ reader: JSONReader) throws(JSONError) {
        self.init(try reader.required("Subnet").ipPrefix())
        range = try reader.optional("IPRange")?.ipPrefix()
        gateway = try reader.optional("Gateway")?.ipAddress()
        for (name, value) in try reader.optional("AuxiliaryAddresses")?.members() ?? [] {
            auxiliary[name] = try value.ipAddress()
        }
    }
}

/// An object of strings, by name; empty ones are there, too.
func texts(_ map: [String: String]) -> JSONValue {
    .object(map.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
}
