internal import Kernel

/// Which containers are in which networks, looked up in what every container has stored.
package struct NetworkUse: Sendable {
    private let paths: EnginePaths

    package init(_ paths: EnginePaths) { self.paths = paths }

    /// A container and its network.
    package struct User: Sendable {
        package let id: String
        package let record: SandboxRecord
        package var name: String { record.request.name }
    }

    /// All containers which have a network. One whose file cannot be read is left out.
    package func all() throws(EngineError) -> [User] {
        var found: [User] = []
        for id in (try? listDirectory(paths.containers)) ?? [] where !id.hasPrefix(".") {
            // Without its record it is no container yet, or no more.
            guard fileExists("\(paths.container(id))/record.json") else { continue }
            if let record = try? SandboxRecord.read(id, paths) { found.append(User(id: id, record: record)) }
        }
        return found
    }

    /// The IDs of the networks containers are in, whether they run or not.
    package func networks() throws(EngineError) -> Set<String> {
        Set(try all().flatMap { $0.record.endpoints.map(\.networkID) })
    }

    /// The containers which are attached to the network now.
    package func attached(to networkID: String) throws(EngineError) -> [User] {
        try all().filter { user in
            user.record.isRunning(user.id, paths)
                && user.record.endpoints.contains { $0.networkID == networkID && $0.interface != nil }
        }
    }
}
