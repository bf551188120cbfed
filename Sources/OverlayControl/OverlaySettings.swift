package import JSON

/// How this node belongs to a cluster: the file `overlay.json`. Everything may be left out.
package struct OverlaySettings: Hashable, Sendable {
    /// URLs of the store's members; empty for the store of this host alone.
    package var endpoints: [String] = []
    package var username = ""
    package var password = ""
    /// A file whose first line is the password, so that this one may be read by others.
    package var passwordFile = ""
    /// Paths of PEM files.
    package var authority = ""
    package var certificate = ""
    package var key = ""
    /// Where all keys lie.
    package var root = "/apus"
    /// What people call this node; empty for the host's name.
    package var node = ""
    /// The tunnel's end: an address or an interface; empty for the default route's.
    package var vtep = ""
    /// UDP port of the tunnel. RFC 7348.
    package var port: UInt16 = 4789
    /// Bytes of the largest packet of containers; nil for what the tunnel's interface leaves.
    package var mtu: UInt32?
    /// Seconds after which the cluster takes a silent node for gone.
    package var ttl: Int64 = 30
    /// What outlives a reboot: the node's ID, and the store of this host alone.
    package var state = "/var/lib/apus/overlay"

    package init() {}

    package init(_ reader: JSONReader) throws(JSONError) {
        try checkNames(reader)
        endpoints = try Self.endpoints(reader)
        username = try reader.optional("username")?.string() ?? ""
        password = try reader.optional("password")?.string() ?? ""
        passwordFile = try reader.optional("passwordFile")?.string() ?? ""
        authority = try reader.optional("ca")?.string() ?? ""
        certificate = try reader.optional("certificate")?.string() ?? ""
        key = try reader.optional("key")?.string() ?? ""
        root = try reader.path("root") ?? root
        node = try reader.optional("node")?.string() ?? ""
        vtep = try reader.optional("vtep")?.string() ?? ""
        port =
            try reader.optional("port").map { (port) throws(JSONError) in
                UInt16(try port.integer(in: 1...65535))
            } ?? port
        mtu = try reader.optional("mtu").map { (mtu) throws(JSONError) in
            UInt32(try mtu.integer(in: 576...65_485))
        }
        ttl = try reader.optional("ttl")?.integer(in: 2...3600) ?? ttl
        state = try reader.path("state") ?? state
    }

    /// A misspelt name would be a setting that is silently not there.
    private func checkNames(_ reader: JSONReader) throws(JSONError) {
        for (name, member) in try reader.members() where !Self.names.contains(name) {
            throw member.notAllowed("unknown; known are \(Self.names.joined(separator: ", "))")
        }
    }

    private static let names = [
        "store", "endpoints", "username", "password", "passwordFile", "ca", "certificate", "key", "root",
        "node",
        "vtep", "port", "mtu", "ttl", "state",
    ]

    private enum Kind: String, CaseIterable { case local, etcd }

    private static func endpoints(_ reader: JSONReader) throws(JSONError) -> [String] {
        let kind = try reader.optional("store")?.choice(Kind.self)
        var endpoints: [String] = []
        for member in try reader.optional("endpoints")?.elements() ?? [] {
            let text = try member.string()
            guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
                throw member.notAllowed("'\(text)' is not a URL like http://192.0.2.1:2379")
            }
            endpoints.append(text)
        }
        if kind == .etcd, endpoints.isEmpty {
            throw try reader.required("store").notAllowed("etcd has no endpoints")
        }
        return kind == .local ? [] : endpoints
    }

    /// Whether the store is a file of this host alone.
    package var isLocal: Bool { endpoints.isEmpty }
}

extension JSONReader {
    fileprivate func path(_ name: String) throws(JSONError) -> String? {
        guard let member = try optional(name) else { return nil }
        let text = try member.string()
        guard text.hasPrefix("/") else { throw member.notAllowed("'\(text)' does not begin with /") }
        return text
    }
}
