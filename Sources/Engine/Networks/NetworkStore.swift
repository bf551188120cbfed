internal import Addressing
internal import CNISpec
internal import JSON
internal import Kernel

/// The networks of this host: a file each.
package struct NetworkStore: Sendable {
    package let environment: NetworkEnvironment
    private var folder: String { environment.paths.networks }

    package init(_ environment: NetworkEnvironment) { self.environment = environment }

    /// All networks, by name. The three predefined ones are made when somebody looks for the first time.
    package func networks() throws(EngineError) -> [NetworkRecord] {
        let found = try stored()
        if NetworkRecord.predefined.allSatisfy({ name in found.contains { $0.name == name } }) {
            return found
        }
        return try withLock(folder) { () throws(EngineError) in
            try makePredefined(among: try stored())
            return try stored()
        }
    }

    /// The network with the name, the ID, or the beginning of an ID which no other one has.
    ///
    /// One of the cluster need not have been used on this host.
    package func find(_ text: String) throws(EngineError) -> NetworkRecord {
        var known: NetworkRecord?
        do throws(EngineError) { known = try Self.find(text, among: try networks()) } catch {
            guard error.kind == .notFound, !text.isEmpty, cluster.isShared else { throw error }
        }
        if let known, !known.isGlobal || !cluster.isShared { return known }
        if let network = try findOverlay(text, known: known) { return network }
        // Containers may still be attached to what the cluster has given up.
        return try Self.find(text, among: try networks())
    }

    static func find(
        _ text: String, among networks: [NetworkRecord]
    ) throws(EngineError) -> NetworkRecord {
        if let network = networks.first(where: { $0.id == text || $0.name == text }) { return network }
        let matches = text.isEmpty ? [] : networks.filter { $0.id.hasPrefix(text) }
        guard matches.count < 2 else {
            throw EngineError(
                "network \(text) is ambiguous (\(matches.count) matches found based on ID prefix)", .conflict)
        }
        guard let network = matches.first else { throw EngineError("network \(text) not found", .notFound) }
        return network
    }

    /// The network with this ID; `nil` when it has gone.
    func network(_ id: String) throws(EngineError) -> NetworkRecord? {
        let path = path(of: id)
        guard let value = try readRecord(path) else { return nil }
        return try EngineError.reading(path) { () throws(JSONError) in try NetworkRecord(value) }
    }

    func path(of id: String) -> String { "\(folder)/\(id).json" }

    func write(_ network: NetworkRecord) throws(EngineError) {
        try writeRecord(path(of: network.id), network.json())
    }

    /// Runs `body` while nobody else makes or removes a network.
    func holding<Value>(
        shared: Bool = false, _ body: () throws(EngineError) -> Value
    ) throws(EngineError) -> Value {
        // The predefined ones are made under the same lock, which a process would wait for for ever.
        _ = try networks()
        return try withLock(folder, shared: shared, body)
    }

    private func stored() throws(EngineError) -> [NetworkRecord] {
        var found: [NetworkRecord] = []
        for name in (try? listDirectory(folder)) ?? [] where name.hasSuffix(".json") && !name.hasPrefix(".") {
            if let network = try network(String(name.dropLast(5))) { found.append(network) }
        }
        return found.sorted { $0.name < $1.name }
    }

    private func makePredefined(among found: [NetworkRecord]) throws(EngineError) {
        for (name, driver) in [("host", "host"), ("none", "null")]
        where !found.contains(where: { $0.name == name }) {
            try write(
                NetworkRecord(id: newIdentifier(), name: name, created: currentTimestamp(), driver: driver))
        }
        guard !found.contains(where: { $0.name == "bridge" }) else { return }
        var bridge = NetworkRecord(
            id: newIdentifier(), name: "bridge", created: currentTimestamp(), driver: "bridge")
        bridge.options = [
            "com.docker.network.bridge.default_bridge": "true",
            "com.docker.network.bridge.enable_icc": "true",
            "com.docker.network.bridge.enable_ip_masquerade": "true",
            "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
            "com.docker.network.bridge.name": "apus0",
        ]
        // The device of a store which was deleted keeps its subnet.
        let taken = found.flatMap(\.subnets).map(\.subnet) + SubnetChoice.hostRoutes(exceptOn: ["apus0"])
        bridge.subnets = [NetworkRecord.Subnet(try SubnetChoice(taken: taken).first4())]
        bridge.subnets[0].gateway = bridge.subnets[0].subnet.first.advanced(by: 1)
        try write(bridge)
    }
}

/// Runs `body` with the lock on the directory `folder`, which is made when it is missing.
func withLock<Value>(
    _ folder: String, shared: Bool = false, _ body: () throws(EngineError) -> Value
) throws(EngineError) -> Value {
    let lock = try EngineError.step("lock \(folder)") { () throws(SystemError) in
        try makeDirectories(folder, mode: 0o711)
        let file = try FileDescriptor.open(folder, .directory)
        return try FileLock.take(file, name: folder, shared: shared, wait: true)
    }
    guard let lock else { throw EngineError("\(folder) is locked") }
    defer { keep(lock) }
    return try body()
}
