internal import JSON

/// A host of the cluster.
package struct ClusterNode: Hashable, Sendable {
    /// 16 hexadecimal digits.
    package let id: String
    /// Empty when it has gone: only its ID stands on what it has left.
    package let name: String
    /// Its end of the tunnel; empty when it has gone.
    package let address: String
    package let lives: Bool
    /// Whether it is this host.
    package let isSelf: Bool
    /// Blocks of addresses and single ones it has.
    package let claims: Int64

    init(_ reader: JSONReader) throws(JSONError) {
        id = try reader.required("id").string()
        name = try reader.optional("name")?.string() ?? ""
        address = try reader.optional("vtep")?.string() ?? ""
        lives = try reader.optional("lives")?.boolean() ?? false
        isSelf = try reader.optional("self")?.boolean() ?? false
        claims = try reader.optional("claims")?.integer() ?? 0
    }

    static func list(_ reader: JSONReader?) throws(JSONError) -> [ClusterNode] {
        var nodes: [ClusterNode] = []
        for element in try reader?.elements() ?? [] { nodes.append(try ClusterNode(element)) }
        return nodes
    }
}

/// Who is in a network of the cluster.
struct ClusterPeers: Hashable, Sendable {
    let nodes: [ClusterNode]
    let endpoints: [Endpoint]

    /// A container's interface on any of the hosts.
    struct Endpoint: Hashable, Sendable {
        let node: String
        let containerID: String
        let interface: String
        let mac: String
        let address: String
        let address6: String
        let names: [String]
    }

    init(_ reader: JSONReader) throws(JSONError) {
        nodes = try ClusterNode.list(try reader.optional("nodes"))
        var endpoints: [Endpoint] = []
        for element in try reader.optional("endpoints")?.elements() ?? [] {
            endpoints.append(try Endpoint(element))
        }
        self.endpoints = endpoints
    }

    /// What people call a node; its ID when it has gone.
    func name(of node: String) -> String {
        nodes.first { $0.id == node && !$0.name.isEmpty }?.name ?? node
    }

    /// `Peers` of `network inspect`, as Docker has it: the hosts which live.
    var json: JSONValue {
        .array(
            nodes.filter(\.lives).map { node in
                var object = JSONObject()
                object.set("Name", node.name)
                object.set("IP", node.address)
                return object.value
            })
    }

    /// `Endpoints` of `network inspect --verbose`: the containers of all hosts.
    var endpointsJSON: JSONValue {
        .array(
            endpoints.map { endpoint in
                var object = JSONObject()
                object.set("Node", name(of: endpoint.node))
                object.set("Container", endpoint.containerID)
                object.set("Interface", endpoint.interface)
                object.set("MacAddress", endpoint.mac)
                object.set("IPv4Address", endpoint.address)
                object.set("IPv6Address", endpoint.address6)
                object.set("Names", .array(endpoint.names.map { .string($0) }))
                return object.value
            })
    }
}

extension ClusterPeers.Endpoint {
    fileprivate init(_ reader: JSONReader) throws(JSONError) {
        node = try reader.required("node").string()
        containerID = try reader.required("containerID").string()
        interface = try reader.optional("interface")?.string() ?? ""
        mac = try reader.optional("mac")?.string() ?? ""
        address = try reader.optional("address")?.string() ?? ""
        address6 = try reader.optional("address6")?.string() ?? ""
        var names: [String] = []
        for name in try reader.optional("names")?.elements() ?? [] { names.append(try name.string()) }
        self.names = names
    }
}

/// The table of `node ls`, and what `--format` may ask for.
package struct NodeListing {
    private var listing = Listing([
        .init("Address", "ADDRESS"), .init("Blocks", "BLOCKS"), .init("ID", "ID"), .init("Name", "NAME"),
        .init("Self", "SELF"), .init("Status", "STATUS"),
    ])

    package init(_ nodes: [ClusterNode]) {
        for node in nodes {
            listing.add([
                node.address, "\(node.claims)", node.id, node.name, node.isSelf ? "*" : "",
                node.lives ? "Ready" : "Down",
            ])
        }
    }

    /// The listing as `format` wants it.
    package func text(format: String?) throws(EngineError) -> String {
        try listing.text(format: format, standard: ["ID", "Self", "Name", "Status", "Address", "Blocks"])
    }
}
