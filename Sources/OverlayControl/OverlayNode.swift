package import Addressing
package import JSON

/// A node of the cluster while it lives: what `nodes/<node>` holds, under its session's lease.
package struct OverlayNode: Hashable, Sendable {
    package let id: String
    /// What a person calls it.
    package let name: String
    /// VXLAN tunnel end point: where the others send packets for its containers.
    package let vtep: IPAddress
    /// UDP port of the tunnel there.
    package let port: UInt16

    package init(id: String, name: String, vtep: IPAddress, port: UInt16) {
        self.id = id
        self.name = name
        self.vtep = vtep
        self.port = port
    }

    /// `id` is the key's. Somebody else may have written it.
    package init(id: String, _ reader: JSONReader) throws(JSONError) {
        let place = try reader.required("vtep")
        let text = try place.string()
        guard let vtep = IPAddress(text), !vtep.isUnspecified, !vtep.isLoopback, !vtep.isMulticast else {
            throw place.notAllowed("'\(text)' is no address packets can be sent to")
        }
        self.init(
            id: id, name: try reader.required("name").string(), vtep: vtep,
            port: UInt16(try reader.required("port").integer(in: 1...65535)))
    }

    package var json: JSONValue {
        var object = JSONObject()
        object.set("name", name)
        object.set("vtep", "\(vtep)")
        object.set("port", port)
        return object.value
    }

    /// Whether a text can be the ID of a node: 16 hexadecimal digits.
    package static func isID(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 16 && text.utf8.allSatisfy(isHexadecimal)
    }
}
