import CNIPlugin
import CNISpec
import JSON
import Kernel

/// The container whose network is shared, as configuration and capability name it.
struct Owner: Sendable {
    /// Empty when it is named by its namespace alone.
    let containerID: String
    /// A path, or empty when it is to be looked up.
    let namespace: String
    let cacheDirectory: String

    init(_ reader: JSONReader) throws(JSONError) {
        cacheDirectory = try reader.optional("cacheDir")?.string() ?? "/var/lib/cni"
        let given = try RuntimeConfiguration(try reader.optional("runtimeConfig")).value("container")
        if let given, case .string(let id) = given.value {
            containerID = id
            namespace = ""
        } else {
            let source = given ?? reader
            containerID = try source.optional("container")?.string() ?? ""
            namespace = try source.optional("netns")?.string() ?? ""
        }
    }

    var isNamed: Bool { !containerID.isEmpty || !namespace.isEmpty }

    /// Proves that the container of `request` is in the owner's network namespace.
    func prove(_ request: Request<Owner>) throws(CNIError) {
        guard isNamed else {
            throw CNIError(
                .invalidConfiguration,
                "network configuration: neither container nor netns says whose network it is")
        }
        guard containerID.isEmpty || containerID != request.containerID else {
            throw CNIError(
                .invalidConfiguration,
                "network configuration: container \"\(containerID)\" is the container itself")
        }
        let own = try identity(request.networkNamespace, "CNI_NETNS")
        let paths = try namespaces()
        for path in paths where try identity(path, "the owner's network namespace") == own { return }
        let name = containerID.isEmpty ? "" : " of container \"\(containerID)\""
        throw CNIError(
            .invalidEnvironment,
            "CNI_NETNS \"\(request.networkNamespace)\" is not the network namespace\(name)",
            details: "that is \(paths.joined(separator: ", "))")
    }

    /// The paths of the owner's network namespace; never none.
    func namespaces() throws(CNIError) -> [String] {
        if !namespace.isEmpty {
            _ = try identity(namespace, "netns")
            return [namespace]
        }
        try Naming.checkContainerID(containerID)
        let paths = try cachedNamespaces()
        guard !paths.isEmpty else {
            throw CNIError(
                .unknownContainer, "container \"\(containerID)\" has no network",
                details: "\(cacheDirectory)/results knows no attachment of it")
        }
        return paths
    }

    /// The namespaces the host noted for the container when it attached it. libcni, `cniCacheV1`.
    private func cachedNamespaces() throws(CNIError) -> [String] {
        let folder = "\(cacheDirectory)/results"
        let names: [String]
        do throws(SystemError) { names = try listDirectoryIfPresent(folder) } catch {
            throw CNIError(.ioFailure, "cacheDir: \(error)")
        }
        var found: [String] = []
        for name in names.sorted() where name.contains("-\(containerID)-") {
            // Other people's files, and halves of files after a crash, are in the way of nobody.
            guard let bytes = try? readFile("\(folder)/\(name)"), let path = noted(in: bytes) else {
                continue
            }
            if !found.contains(path) { found.append(path) }
        }
        return found
    }

    private func noted(in bytes: [UInt8]) -> String? {
        guard let value = try? JSONValue(parsing: bytes, as: .forgiving) else { return nil }
        let reader = JSONReader(value, as: .forgiving)
        guard let id = try? reader.optional("containerId")?.string(), id == containerID,
            let path = try? reader.optional("netns")?.string(), !path.isEmpty
        else { return nil }
        return path
    }

    private func identity(_ path: String, _ subject: String) throws(CNIError) -> NamespaceIdentity {
        do throws(SystemError) { return try NamespaceIdentity.of(path: path) } catch {
            throw CNIError(.invalidEnvironment, "\(subject) \"\(path)\": \(error.errno.reason)")
        }
    }
}
