package import JSON

/// Who has a block of addresses: what `blocks/<net>/<cidr>` holds. It outlives the session: a node which is cut off may still give them.
package struct BlockClaim: Hashable, Sendable {
    package let node: String

    package init(node: String) { self.node = node }

    package init(_ reader: JSONReader) throws(JSONError) { node = try reader.required("node").string() }

    package var json: JSONValue { .object([.init("node", .string(node))]) }
}

/// Who has one address outside all blocks: what `ips/<net>/<ip>` holds.
package struct AddressClaim: Hashable, Sendable {
    package let node: String
    package let endpoint: EndpointID

    package init(node: String, endpoint: EndpointID) {
        self.node = node
        self.endpoint = endpoint
    }

    package init(_ reader: JSONReader) throws(JSONError) {
        node = try reader.required("node").string()
        let place = try reader.required("ep")
        let text = try place.string()
        guard let endpoint = EndpointID(text) else {
            throw place.notAllowed("'\(text)' is not CONTAINER:INTERFACE")
        }
        self.endpoint = endpoint
    }

    package var json: JSONValue {
        .object([.init("node", .string(node)), .init("ep", .string("\(endpoint)"))])
    }
}
