import CNIPlugin
import CNISpec
import JSON

/// Lets a container share the network of another one: proves that it does, and changes nothing.
@main
struct Container: Plugin {
    typealias Configuration = Owner

    static let name = "container"
    static let help = """
        For containers in the network namespace of another container, the owner. It proves that CNI_NETNS is the
        owner's namespace, reports the interfaces and addresses there, and changes nothing. Keys:

          container  the owner's container ID, looked up in the result cache of the host
          netns      the path of the owner's network namespace, instead
          cacheDir   where the result cache is ("/var/lib/cni")

        The capability "container" (the ID, or an object with container and netns) goes before the keys.
        """
    static let supportedVersions = CNIVersion.allCases

    static func decode(_ reader: JSONReader) throws(JSONError) -> Owner { try Owner(reader) }

    static func add(_ request: Request<Owner>) throws(CNIError) -> CNIResult {
        try request.configuration.prove(request)
        if let previous = request.previousResult { return previous }
        return try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try CNIResult(describingNetwork: request.networkNamespace)
        }
    }

    static func delete(_ request: Request<Owner>) throws(CNIError) {}  // all there is belongs to the owner

    static func check(_ request: Request<Owner>) throws(CNIError) {
        try request.configuration.prove(request)
        try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try request.previousResult?.checkInterfaces(sandbox: request.networkNamespace)
        }
    }

    static func collectGarbage(_ request: Request<Owner>) throws(CNIError) {}  // keeps nothing

    static func status(_ request: Request<Owner>) throws(CNIError) {
        // An owner by capability is known with each container only.
        guard request.configuration.isNamed else { return }
        do throws(CNIError) { _ = try request.configuration.namespaces() } catch {
            throw CNIError(.unavailable, error.message, details: error.details)
        }
    }
}
