package import JSON

/// The published ports of one container: the file `ports/<containerID>.json` in the run directory.
///
/// Whoever publishes them (the engine) writes it when the firewall leads the ports to the container already, and removes it
/// before that ends.
package struct PortRecord: Hashable, Sendable {
    package var containerID: String
    /// Name of the container, for the words of an error; empty when it has none.
    package var name: String
    package var ports: [PublishedPort]

    package init(containerID: String, name: String = "", ports: [PublishedPort]) {
        self.containerID = containerID
        self.name = name
        self.ports = ports
    }

    package init(_ reader: JSONReader) throws(JSONError) {
        containerID = try reader.required("containerID").string()
        name = try reader.optional("name")?.string() ?? ""
        ports = []
        for element in try reader.optional("ports")?.elements() ?? [] {
            ports.append(try PublishedPort(element))
        }
    }

    /// What the file holds.
    package var json: JSONValue {
        var object = JSONObject()
        object.set("containerID", containerID)
        object.set("name", name.isEmpty ? nil : name)
        object.set("ports", ports, \.json)
        return object.value
    }

    /// The name of its file.
    package var fileName: String { Self.fileName(of: containerID) }

    /// The name of a container's file.
    package static func fileName(of containerID: String) -> String { containerID + ".json" }
}
