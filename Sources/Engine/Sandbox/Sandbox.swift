package import Addressing
internal import Kernel

/// A container's network, whether the container runs or not.
///
/// What is asked and what is attached stands in `containers/<id>/network.json`, written before the kernel is touched: who is killed
/// in the middle leaves what the next start, stop or `system check --repair` puts right.
package struct Sandbox: Sendable {
    package let environment: NetworkEnvironment
    package let containerID: String

    package init(_ environment: NetworkEnvironment, containerID: String) {
        self.environment = environment
        self.containerID = containerID
    }
}

/// Files of a container's network which are mounted into it; `nil` is the image's own.
package struct SandboxFiles: Hashable, Sendable {
    package var hosts: String?
    package var hostname: String?
    package var resolvConf: String?
}

/// A container's interface in a network, as `ps` and `inspect` show it.
package struct Endpoint: Hashable, Sendable {
    /// 64 hexadecimal digits.
    package var id: String
    package var networkID: String
    package var networkName: String
    package var request: EndpointRequest
    /// What is there while the container runs; `nil` when it does not.
    package var attached: Attached?

    /// What ADD made.
    package struct Attached: Hashable, Sendable {
        package var interface: String
        package var mac: String
        package var addresses: [IPPrefix]
        package var gateways: [IPAddress]
    }
}

extension Sandbox {
    var paths: EnginePaths { environment.paths }
    var store: NetworkStore { NetworkStore(environment) }
    var namespace: NamespaceFile { NamespaceFile(paths, containerID) }
    /// Where the container's files are.
    var folder: String { "\(paths.containers)/\(containerID)" }

    func record() throws(EngineError) -> SandboxRecord { try SandboxRecord.read(containerID, paths) }

    /// Runs `body` while nobody else does something to this container's network.
    func holding<Value>(_ body: () throws(EngineError) -> Value) throws(EngineError) -> Value {
        let path = "\(paths.locks)/network-\(containerID)"
        let lock = try EngineError.step("lock \(path)") { () throws(SystemError) in
            try makeDirectories(paths.locks, mode: 0o711)
            let file = try FileDescriptor.open(path, [.create, .readWrite, .noFollow], mode: 0o600)
            return try FileLock.take(file, name: path, wait: true)
        }
        guard let lock else { throw EngineError("\(path) is locked") }
        defer { keep(lock) }
        return try body()
    }

    /// The namespace for `linux.namespaces` of config.json; `nil` for the host's.
    package func namespacePath() throws(EngineError) -> String? {
        switch try record().request.mode {
        case .host: nil
        case .networks, .none: namespace.path
        case .container(let id): try Sandbox(environment, containerID: id).namespacePath()
        }
    }

    /// What the container's program finds as its host's name.
    package func hostname() throws(EngineError) -> String { try hostname(of: try record()) }

    func hostname(of record: SandboxRecord) throws(EngineError) -> String {
        let request = record.request
        if !request.hostname.isEmpty { return String(request.hostname.prefix { $0 != "\n" }) }
        switch request.mode {
        case .host:
            return try EngineError.step("read the host's name") { () throws(SystemError) in
                String(try readText("/proc/sys/kernel/hostname").prefix { $0 != "\n" })
            }
        case .container(let id): return try Sandbox(environment, containerID: id).hostname()
        case .networks, .none: return String(containerID.prefix(12))
        }
    }

    /// The endpoints, in the order in which they were asked for.
    package func endpoints() throws(EngineError) -> [Endpoint] {
        let record = try record()
        let isRunning = record.isRunning(containerID, paths)
        return record.endpoints.map { entry in
            Endpoint(
                id: entry.id, networkID: entry.networkID, networkName: entry.networkName,
                request: entry.request, attached: isRunning ? entry.attached : nil)
        }
    }

    /// What is published now; empty when the container does not run.
    ///
    /// A port which is on every address of the host is there twice, once for each family.
    package func publishedPorts() throws(EngineError) -> [PublishedPort] {
        let record = try record()
        guard record.isRunning(containerID, paths), record.publisher != nil else { return [] }
        return record.ports.flatMap { port in
            (port.hostIP.map { [$0] } ?? IPAddress.everywhere).map {
                PublishedPort(container: port.container, hostIP: $0, hostPort: port.hostPort)
            }
        }
    }
}

extension IPAddress {
    /// Every address of the host, of either family.
    static var everywhere: [IPAddress] {
        Family.allCases.compactMap { IPAddress(family: $0, value: 0) }
    }
}
