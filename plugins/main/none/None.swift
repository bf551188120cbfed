import CNIPlugin
import CNISpec
import JSON
import Netlink

/// Gives a container no network but itself: `lo` is up, and nothing else is.
@main
struct None: Plugin {
    struct Configuration {}

    static let name = "none"
    static let help = "Leaves a container alone: lo is up, and no other interface. It has no keys of its own."
    static let supportedVersions = CNIVersion.allCases

    static func decode(_ reader: JSONReader) throws(JSONError) -> Configuration { Configuration() }

    static func add(_ request: Request<Configuration>) throws(CNIError) -> CNIResult {
        let addresses = try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try checkLoneliness()
            return try LoopbackInterface.bringUp()
        }
        return .loopback(addresses, sandbox: request.networkNamespace)
    }

    static func delete(_ request: Request<Configuration>) throws(CNIError) {
        try inNetworkNamespaceIfPresent(request.networkNamespace) { () throws(CNIError) in
            try LoopbackInterface.takeDown()
        }
    }

    static func check(_ request: Request<Configuration>) throws(CNIError) {
        let expected = request.previousResult?.addresses(on: LoopbackInterface.name) ?? []
        try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try checkLoneliness()
            try LoopbackInterface.check(expected.map(\.address))
        }
    }

    static func collectGarbage(_ request: Request<Configuration>) throws(CNIError) {}  // keeps nothing
    static func status(_ request: Request<Configuration>) throws(CNIError) {}  // always ready

    /// The kernel puts tunnels into every new namespace; they do nothing as long as they are down.
    private static func checkLoneliness() throws(CNIError) {
        let links = try netlink { socket throws(NetlinkError) in try socket.links() }
        guard let other = links.first(where: { $0.isUp && !$0.flags.contains(.loopback) }) else { return }
        throw CNIError(
            .pluginSpecific, "the container has another interface which is up: \(other.name)",
            details: "a network of type \(name) can only be a container's first and last")
    }
}
