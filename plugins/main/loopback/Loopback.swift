import CNIPlugin
import CNISpec
import JSON

/// Brings `lo` up in the container's network namespace.
@main
struct Loopback: Plugin {
    struct Configuration {}

    static let name = "loopback"
    static let help = "Brings the interface lo of a container up. It has no keys of its own."
    static let supportedVersions = CNIVersion.allCases

    static func decode(_ reader: JSONReader) throws(JSONError) -> Configuration { Configuration() }

    static func add(_ request: Request<Configuration>) throws(CNIError) -> CNIResult {
        let addresses = try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try LoopbackInterface.bringUp()
        }
        return request.previousResult ?? .loopback(addresses, sandbox: request.networkNamespace)
    }

    static func delete(_ request: Request<Configuration>) throws(CNIError) {
        try inNetworkNamespaceIfPresent(request.networkNamespace) { () throws(CNIError) in
            try LoopbackInterface.takeDown()
        }
    }

    static func check(_ request: Request<Configuration>) throws(CNIError) {
        let expected = request.previousResult?.addresses(on: LoopbackInterface.name) ?? []
        try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try LoopbackInterface.check(expected.map(\.address))
        }
    }

    static func collectGarbage(_ request: Request<Configuration>) throws(CNIError) {}  // keeps nothing
    static func status(_ request: Request<Configuration>) throws(CNIError) {}  // always ready
}
