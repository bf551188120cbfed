package import Addressing
package import JSON

/// An attachment of a container to a network, by what tells it from the node's others.
package struct EndpointID: Hashable, Sendable, CustomStringConvertible {
    package let containerID: String
    /// The interface in the container, for example `eth0`.
    package let interface: String

    package init(containerID: String, interface: String) {
        self.containerID = containerID
        self.interface = interface
    }

    /// `CONTAINER:INTERFACE`; neither may have a colon.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(containerID: String(parts[0]), interface: String(parts[1]))
    }

    package var description: String { "\(containerID):\(interface)" }
}

/// What the cluster knows of an attachment: what `eps/<net>/<node>/<endpoint>` holds, under the session's lease of its node.
package struct OverlayEndpoint: Hashable, Sendable {
    package let address: IPAddress
    package let mac: MACAddress
    /// What the container is called on the network, each once; the first is what its address is called.
    package let names: [String]
    /// Behind each name, besides the network's name. Empty for none.
    package let domain: String

    package init(address: IPAddress, names: [String] = [], domain: String = "") {
        self.address = address
        mac = MACAddress(address)
        self.names = names
        self.domain = domain
    }

    /// Somebody else may have written it: the MAC address has to be the one that belongs to the address, or he could take the
    /// gateway's, or a neighbour's.
    package init(_ reader: JSONReader) throws(JSONError) {
        guard let address = try reader.address("ip", .v4) else {
            throw try reader.required("ip").notAllowed("")
        }
        let names = try reader.optional("names")?.strings() ?? []
        guard names.count <= Self.mostNames else {
            throw try reader.required("names").notAllowed("more than \(Self.mostNames) names")
        }
        self.init(address: address, names: names, domain: try reader.optional("domain")?.string() ?? "")
        let mac = try reader.required("mac")
        guard MACAddress(try mac.string()) == self.mac else {
            throw mac.notAllowed("the MAC address of \(address) is \(self.mac)")
        }
    }

    private static let mostNames = 64

    package var json: JSONValue {
        var object = JSONObject()
        object.set("ip", "\(address)")
        object.set("mac", "\(mac)")
        if !names.isEmpty { object.set("names", names) }
        object.set("domain", domain.isEmpty ? nil : domain)
        return object.value
    }
}
