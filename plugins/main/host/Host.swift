import CNIPlugin
import CNISpec
import JSON
import Kernel

/// Lets a container use the network of the host: proves that it does, and changes nothing.
@main
struct Host: Plugin {
    struct Configuration {}

    static let name = "host"
    static let help = """
        For containers in the network namespace of the host. It proves that CNI_NETNS is that namespace, reports
        the host's interfaces, and changes nothing. It has no keys of its own.
        """
    static let supportedVersions = CNIVersion.allCases
    static let worksInOwnNamespace = true

    static func decode(_ reader: JSONReader) throws(JSONError) -> Configuration { Configuration() }

    static func add(_ request: Request<Configuration>) throws(CNIError) -> CNIResult {
        try checkNamespace(request.networkNamespace)
        if let previous = request.previousResult { return previous }
        return try CNIResult(describingNetwork: "")
    }

    static func delete(_ request: Request<Configuration>) throws(CNIError) {}  // made nothing

    static func check(_ request: Request<Configuration>) throws(CNIError) {
        try checkNamespace(request.networkNamespace)
    }

    static func collectGarbage(_ request: Request<Configuration>) throws(CNIError) {}  // keeps nothing
    static func status(_ request: Request<Configuration>) throws(CNIError) {}  // always ready

    /// The namespaces are compared, not the paths: there are many to each.
    private static func checkNamespace(_ path: String) throws(CNIError) {
        let isOwn: Bool
        do throws(SystemError) {
            isOwn = try NamespaceIdentity.of(path: path) == NamespaceIdentity.ofCurrentNetwork()
        } catch { throw CNIError(.invalidEnvironment, "CNI_NETNS \"\(path)\": \(error.errno.reason)") }
        guard isOwn else {
            throw CNIError(
                .invalidEnvironment, "CNI_NETNS \"\(path)\" is not the network namespace of the host",
                details:
                    "a network of type \(name) is for containers without a network namespace of their own")
        }
    }
}
