internal import Addressing
package import JSON

extension NameRecord {
    package init(_ reader: JSONReader) throws(JSONError) {
        self.init(
            network: try reader.required("network").string(),
            containerID: try reader.required("containerID").string(),
            interface: try reader.required("interface").string(),
            namespace: try reader.required("namespace").string(),
            names: try reader.optional("names")?.strings() ?? [],
            addresses: try reader.list("addresses", "an IP address") { IPAddress($0) })
        domain = try reader.optional("domain")?.string() ?? ""
        upstreams = try reader.list("upstreams", "the address of a server") { Upstream($0) }
        isInternal = try reader.optional("internal")?.boolean() ?? false
        options = try reader.optional("options")?.strings() ?? []
        links = try reader.optional("links")?.stringMap() ?? [:]
        if let object = try reader.optional("ports") { ports = try ListenerPorts(object) }
    }

    /// What the file holds.
    package var json: JSONValue {
        var object = JSONObject()
        object.set("network", network)
        object.set("containerID", containerID)
        object.set("interface", interface)
        object.set("namespace", namespace)
        object.set("names", names)
        object.set("domain", domain.isEmpty ? nil : domain)
        object.set("addresses", addresses.map { "\($0)" })
        object.set("upstreams", upstreams.map { "\($0)" })
        object.set("internal", isInternal ? true : nil)
        object.set("options", options)
        object.set("links", links)
        if let ports { object.set("ports", ports.json) }
        return object.value
    }
}

extension ListenerPorts {
    fileprivate init(_ reader: JSONReader) throws(JSONError) {
        udp = UInt16(try reader.required("udp").integer(in: 1...65535))
        tcp = UInt16(try reader.required("tcp").integer(in: 1...65535))
    }

    /// As a record and an answer have them.
    package var json: JSONObject {
        var object = JSONObject()
        object.set("udp", udp)
        object.set("tcp", tcp)
        return object
    }
}

extension JSONReader {
    /// The member `name`, a list of texts each of which is `what`.
    fileprivate func list<Value>(
        _ name: String, _ what: String, _ parse: (String) -> Value?
    ) throws(JSONError) -> [Value] {
        var values: [Value] = []
        for element in try optional(name)?.elements() ?? [] {
            let text = try element.string()
            guard let value = parse(text) else { throw element.notAllowed("'\(text)' is not \(what)") }
            values.append(value)
        }
        return values
    }
}
