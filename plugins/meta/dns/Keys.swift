import Addressing
import CNIPlugin
import CNISpec
import JSON
import NetdClient
import Resolver

/// The plugin's own keys.
struct Keys: Sendable {
    let network: String?
    let names: [String]
    let aliases: [String]
    let hostname: String?
    let links: [String: String]
    let domain: String
    let upstreams: [Upstream]
    let isInternal: Bool
    /// nil when nothing is said.
    let search: [String]?
    let options: [String]?
    let paths: NetdPaths
    let program: String?

    init(_ reader: JSONReader) throws(JSONError) {
        let hints = try reader.optional("args")?.optional("cni")
        network = try reader.text("network")
        names = try Self.first(hints, reader) { (place) throws(JSONError) in try place.texts("names") } ?? []
        aliases = (try reader.texts("aliases") ?? []) + (try hints?.texts("aliases") ?? [])
        hostname = try Self.first(hints, reader) { (place) throws(JSONError) in try place.text("hostname") }
        links =
            try Self.first(hints, reader) { (place) throws(JSONError) in
                try place.optional("links")?.stringMap()
            } ?? [:]
        domain = try reader.text("domainName") ?? ""
        // It is checked and has no effect: a container finds the names of all its networks in any case.
        _ = try reader.optional("multiDomain")?.boolean()
        upstreams = try Self.upstreams(reader)
        isInternal = try reader.optional("internal")?.boolean() ?? false
        let given = try RuntimeConfiguration(try reader.optional("runtimeConfig")).dns() ?? CNIResult.DNS()
        let (search, options) = (try reader.texts("search"), try reader.texts("options"))
        self.search = given.search.isEmpty ? search : given.search
        self.options = given.options.isEmpty ? options : given.options
        paths = try NetdPaths(reader)
        program = try reader.text("netd")
    }

    /// What stands in `args.cni` goes before the key.
    private static func first<Value>(
        _ hints: JSONReader?, _ reader: JSONReader, _ read: (JSONReader) throws(JSONError) -> Value?
    ) throws(JSONError) -> Value? {
        if let hints, let value = try read(hints) { return value }
        return try read(reader)
    }

    /// Those of the capability, or of one of the keys; at most three are asked.
    private static func upstreams(_ reader: JSONReader) throws(JSONError) -> [Upstream] {
        let places = [
            try reader.optional("runtimeConfig")?.optional("dns")?.optional("servers"),
            try reader.optional("upstreams"), try reader.optional("remoteServers"),
        ]
        for place in places.compactMap({ $0 }) {
            var servers: [Upstream] = []
            for element in try place.elements() { servers.append(try upstream(element)) }
            if !servers.isEmpty { return Array(servers.prefix(3)) }
        }
        return []
    }

    private static func upstream(_ reader: JSONReader) throws(JSONError) -> Upstream {
        let text = try reader.string()
        guard let server = Upstream(text) else {
            throw reader.notAllowed(
                "'\(text)' is not a server (as 192.0.2.1, 192.0.2.1:5353, [2001:db8::1]:53)")
        }
        return server
    }
}

extension JSONReader {
    /// The member `name`, a list of strings.
    fileprivate func texts(_ name: String) throws(JSONError) -> [String]? { try optional(name)?.strings() }
}
