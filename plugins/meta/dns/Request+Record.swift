import Addressing
import CNIPlugin
import CNISpec
import JSON
import NetdClient
import Resolver

extension Request<Keys> {
    /// The daemon of the configured run directory.
    var client: NetdClient {
        NetdClient(configuration.paths, program: configuration.program)
    }

    /// The name of the network the names belong to.
    var namesNetwork: String { configuration.network ?? network }

    /// What the daemon is to know of the attachment; `result` is what the plugins before have made.
    func record(_ result: CNIResult) throws(CNIError) -> NameRecord {
        let keys = configuration
        try checkNetworkName()
        var record = NameRecord(
            network: namesNetwork, containerID: containerID, interface: interface,
            namespace: networkNamespace, names: try names(),
            addresses: result.addresses(of: interface).map(\.address.address))
        record.domain = keys.domain
        record.upstreams = keys.upstreams.isEmpty ? earlierServers(result) : keys.upstreams
        record.isInternal = keys.isInternal
        record.options = keys.options ?? []
        record.links = keys.links
        return record
    }

    /// The key becomes part of a file's name.
    func checkNetworkName() throws(CNIError) {
        do throws(CNIError) { try Naming.checkNetworkName(namesNetwork) } catch {
            throw CNIError(error.code, "network: \(error.message)", details: error.details)
        }
    }

    /// What an address manager said of name servers is whom to ask, unless the configuration says it.
    private func earlierServers(_ result: CNIResult) -> [Upstream] {
        let servers = result.dns.nameservers.filter { $0 != resolverAddress }.compactMap { Upstream($0) }
        return Array(servers.prefix(3))
    }

    /// What the container is called, each once, the name that counts first.
    private func names() throws(CNIError) -> [String] {
        let keys = configuration
        let arguments = try arguments([
            "K8S_POD_NAME", "K8S_POD_NAMESPACE", "K8S_POD_INFRA_CONTAINER_ID", "K8S_POD_UID",
        ])
        let given = try decoding { () throws(JSONError) in try runtimeConfig.aliases(on: network) }
        let all =
            keys.names + [arguments["K8S_POD_NAME"] ?? ""] + keys.aliases + given
            + [String(containerID.prefix(12)), keys.hostname ?? ""]
        var seen: Set<String> = []
        return all.filter { name in
            guard !name.isEmpty, seen.insert(name.lowercased()).inserted else { return false }
            if DomainName(name) != nil { return true }
            note("\(DNS.name): nothing can be found by the name '\(name)': a part of it is empty or too long")
            return false
        }
    }

    /// What the result says for resolv.conf.
    func dns(_ result: CNIResult) throws(CNIError) -> CNIResult.DNS {
        let keys = configuration
        var dns = result.dns
        dns.nameservers = [resolverAddress]
        if !keys.domain.isEmpty { dns.domain = keys.domain }
        // What an earlier plugin knows of the world stays; a domain of our own is searched first.
        let own = keys.domain.isEmpty || dns.search.contains(keys.domain) ? [] : [keys.domain]
        dns.search = keys.search ?? own + dns.search
        if let options = keys.options { dns.options = options }
        return dns
    }
}
