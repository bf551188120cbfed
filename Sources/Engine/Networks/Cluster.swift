internal import Addressing
internal import CNISpec
internal import JSON
internal import Kernel
internal import NetdClient

/// The engine's door to the networks several hosts share: `apus-netd` asks the cluster's store. docs/overlay.md
package struct Cluster: Hashable, Sendable {
    /// What drives a network of several hosts.
    package static let driver = "overlay"

    private let environment: NetworkEnvironment

    package init(_ environment: NetworkEnvironment) { self.environment = environment }

    /// Milliseconds an answer may take that is only for a person to look at.
    package static let brief: Int32 = 1500
    /// Milliseconds an answer may take that something hangs on.
    package static let patient: Int32 = 30_000

    /// Whether this host has a store in common with others. A file that makes no sense counts, as does one that is named and not
    /// there: the daemon says what is wrong with it.
    package var isShared: Bool {
        guard let text = try? readText(environment.clusterFile) else { return isNamed }
        return (try? Self.endpoints(text))?.isEmpty != true
    }

    /// Where the store's members are; empty without a cluster.
    package var endpoints: [String] {
        guard let text = try? readText(environment.clusterFile) else { return [] }
        return (try? Self.endpoints(text)) ?? []
    }

    private static func endpoints(_ text: String) throws(JSONError) -> [String] {
        let reader = JSONReader(try JSONValue(parsing: Array(text.utf8)))
        if try reader.optional("store")?.string() == "local" { return [] }
        var endpoints: [String] = []
        for element in try reader.optional("endpoints")?.elements() ?? [] {
            endpoints.append(try element.string())
        }
        return endpoints
    }

    private var isNamed: Bool { environment.clusterFile != NetdPaths.clusterFile }

    // MARK: Networks

    /// All networks of the cluster.
    package func networks(patience: Int32 = Cluster.brief) throws(EngineError) -> [NetworkRecord] {
        let answer = try ask(.networks, patience: patience)
        return try EngineError.reading("apus-netd") { () throws(JSONError) in
            var found: [NetworkRecord] = []
            for element in try answer.optional("networks")?.elements() ?? [] {
                found.append(try NetworkRecord(overlay: element))
            }
            return found
        }
    }

    /// Makes the network, or finds the one of this name which is like it: then its ID is another.
    func create(_ wish: JSONObject, id: String, created: String) throws(EngineError) -> NetworkRecord {
        var arguments = wish
        arguments.set("id", id)
        arguments.set("created", created)
        let answer = try ask(.createNetwork, arguments)
        return try EngineError.reading("apus-netd") { () throws(JSONError) in
            try NetworkRecord(overlay: try answer.required("network"))
        }
    }

    /// Removes a network, which must have no container anywhere.
    func remove(_ id: String) throws(EngineError) {
        var arguments = JSONObject()
        arguments.set("name", id)
        _ = try ask(.removeNetwork, arguments)
    }

    /// Who is in a network.
    func peers(of network: String) throws(EngineError) -> ClusterPeers {
        var arguments = JSONObject()
        arguments.set("name", network)
        let answer = try ask(.network, arguments, patience: Self.brief)
        return try EngineError.reading("apus-netd") { () throws(JSONError) in
            try ClusterPeers(try answer.required("peers"))
        }
    }

    // MARK: Nodes

    /// The hosts of the cluster: those which live, and those which have gone and still have addresses.
    package func nodes() throws(EngineError) -> [ClusterNode] {
        let answer = try ask(.nodes)
        return try EngineError.reading("apus-netd") { () throws(JSONError) in
            try ClusterNode.list(try answer.optional("nodes"))
        }
    }

    /// Gives back what a node had which has gone for good; the beginning of its ID will do.
    package func removeNode(_ node: String) throws(EngineError) {
        var arguments = JSONObject()
        arguments.set("node", node)
        _ = try ask(.removeNode, arguments)
    }

    private func ask(
        _ action: OverlayAction, _ arguments: JSONObject = JSONObject(), patience: Int32 = Cluster.patient
    ) throws(EngineError) -> JSONReader {
        // A daemon that runs goes by the file it was started with.
        if isNamed {
            do throws(SystemError) { _ = try readFile(environment.clusterFile) } catch {
                throw EngineError("APUS_OVERLAY: \(error)")
            }
        }
        var client = NetdClient(NetdPaths(run: environment.paths.run))
        client.patience = patience
        do throws(NetdError) { return try client.overlay(action, with: arguments.value) } catch {
            guard case .refused(let refusal) = error else { throw EngineError("\(error)") }
            throw EngineError(refusal.message, EngineError.Kind(refusal.code))
        }
    }
}

extension EngineError.Kind {
    fileprivate init(_ code: NetdRefusal.Code) {
        switch code {
        case .notFound: self = .notFound
        case .inUse, .networkConflict: self = .conflict
        case .badCall: self = .invalid
        default: self = .failed
        }
    }
}
