package import Addressing
internal import CNISpec
internal import JSON
internal import Kernel

/// A container's network as `network.json` has it: what is asked, what is intended, and what is attached.
package struct SandboxRecord: Hashable, Sendable {
    /// As asked; the endpoints are those below.
    package var request: SandboxRequest
    /// In the order in which they were asked for.
    package var endpoints: [Entry] = []
    /// Whether the network is to be there: set before the first interface is made, taken back after the last one has gone.
    package var isStarted = false
    /// The way out which is set: interface and gateways.
    package var way: Way?
    /// Ports of the host, chosen for as long as the container runs.
    package var ports: [Port] = []
    /// The interface they lead to; `nil` while none is published.
    package var publisher: String?
    /// What was written into resolv.conf last; a file that says something else is the container's own.
    package var resolvConf = ""
    /// Whether names are asked for at 127.0.0.11.
    package var usesResolver = false

    package init(_ request: SandboxRequest) { self.request = request }

    /// An endpoint, with all that has to be known to take it away.
    package struct Entry: Hashable, Sendable {
        /// 64 hexadecimal digits.
        package var id: String
        package var networkID: String
        package var networkName: String
        package var request: EndpointRequest
        /// The interface it has, or is about to get; `nil` while the container does not run.
        package var interface: String?
        /// What ADD made; `nil` before it has ended.
        package var attached: Endpoint.Attached?
    }

    /// The default routes of the container.
    package struct Way: Hashable, Sendable {
        package var interface: String
        package var gateways: [IPAddress]
    }

    /// A port of the host which leads to the container; without an address on all of the host's.
    package struct Port: Hashable, Sendable {
        package var container: ContainerPort
        package var hostIP: IPAddress?
        package var hostPort: UInt16
    }
}

extension SandboxRecord {
    static func path(_ id: String, _ paths: EnginePaths) -> String {
        "\(paths.containers)/\(id)/network.json"
    }

    /// The record of the container `id`.
    static func read(_ id: String, _ paths: EnginePaths) throws(EngineError) -> SandboxRecord {
        let path = path(id, paths)
        guard let value = try readRecord(path) else {
            throw EngineError("container \(id.prefix(12)) has no network", .notFound)
        }
        return try EngineError.reading(path) { () throws(JSONError) in try SandboxRecord(value) }
    }

    /// What is attached does not outlive the machine, and what is asked is written once and for all, `isDurable`, by `create`.
    func write(_ paths: EnginePaths, isDurable: Bool = false) throws(EngineError) {
        try writeRecord(Self.path(request.containerID, paths), json, isDurable: isDurable)
    }

    /// Whether the network is there as far as files tell: after the machine has started anew no namespace is.
    func isRunning(_ id: String, _ paths: EnginePaths) -> Bool {
        isStarted && NamespaceFile(paths, id).exists
    }

    /// Where the endpoint in this network is.
    func index(ofNetwork id: String) -> Int? { endpoints.firstIndex { $0.networkID == id } }
}
