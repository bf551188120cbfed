package import Addressing
package import JSON

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
    /// Writes down what is asked, once it is known to fit together. No interface is made.
    ///
    /// - Returns: warnings for the person who asked.
    package static func create(
        _ request: SandboxRequest, in environment: NetworkEnvironment
    ) throws(EngineError) -> [String] { throw unfinished }

    /// Makes the namespace when it is missing, an interface in each network, the default routes, published ports and names.
    ///
    /// - Throws: ``EngineError``; everything is undone then.
    package func start() throws(EngineError) { throw unfinished }

    /// Takes the interfaces away and frees their addresses. The namespace stays for those who share it. Nothing there is no error.
    package func stop() throws(EngineError) { throw unfinished }

    /// Takes everything away.
    package func remove() throws(EngineError) { throw unfinished }

    /// Attaches the container to a network: at once when it runs, else with its next start.
    package func connect(_ request: EndpointRequest) throws(EngineError) { throw unfinished }

    /// Detaches the container from a network, by name or ID. `force`: errors of plugins are passed over.
    package func disconnect(_ network: String, force: Bool) throws(EngineError) { throw unfinished }

    /// Has hosts files and names follow a container's new name.
    package func rename(to name: String) throws(EngineError) { throw unfinished }

    /// The namespace for `linux.namespaces` of config.json; `nil` for the host's.
    package func namespacePath() throws(EngineError) -> String? { throw unfinished }

    /// What the container's program finds as its host's name.
    package func hostname() throws(EngineError) -> String { throw unfinished }

    /// The files to mount into the container, once it is started.
    package func files() throws(EngineError) -> SandboxFiles { throw unfinished }

    /// The endpoints, in the order of their interfaces.
    package func endpoints() throws(EngineError) -> [Endpoint] { throw unfinished }

    /// What is published now; empty when the container does not run.
    package func publishedPorts() throws(EngineError) -> [PublishedPort] { throw unfinished }

    /// `NetworkSettings` of `inspect`.
    package func settings() throws(EngineError) -> JSONValue { throw unfinished }
}

private let unfinished = EngineError("networks of containers are not built yet")
