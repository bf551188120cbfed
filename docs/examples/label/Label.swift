import CNIPlugin
import CNISpec
import JSON
import Netlink

/// Writes on the container's interface whose it is; `ip link show` prints it as the alias.
@main
struct Label: Plugin {
    struct Configuration { let text: String }

    static let name = "label"
    static let version = "1.0.0"
    static let help = "Labels a container's interface. Key: text (the network's name when absent)."
    static let supportedVersions = CNIVersion.allCases

    static func decode(_ reader: JSONReader) throws(JSONError) -> Configuration {
        let name = try reader.required("name").string()
        return Configuration(text: try reader.optional("text")?.string() ?? name)
    }

    static func add(_ request: Request<Configuration>) throws(CNIError) -> CNIResult {
        let result = try request.requiredPreviousResult()
        try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try netlink { socket throws(NetlinkError) in
                try socket.perform(.setLink(.name(request.interface), [.alias(request.configuration.text)]))
            }
        }
        return result
    }

    static func delete(_ request: Request<Configuration>) throws(CNIError) {
        try inNetworkNamespaceIfPresent(request.networkNamespace) { () throws(CNIError) in
            try netlink { socket throws(NetlinkError) in
                guard let link = try socket.linkIfPresent(.name(request.interface)), link.alias != nil else {
                    return
                }
                try socket.perform(.setLink(.index(link.index), [.alias("")]))
            }
        }
    }

    static func check(_ request: Request<Configuration>) throws(CNIError) {
        let link = try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try netlink { socket throws(NetlinkError) in try socket.link(.name(request.interface)) }
        }
        guard link.alias == request.configuration.text else {
            throw CNIError(
                .pluginSpecific,
                "\(link.name) is labelled '\(link.alias ?? "")' instead of '\(request.configuration.text)'")
        }
    }

    static func collectGarbage(_ request: Request<Configuration>) throws(CNIError) {}  // keeps nothing
    static func status(_ request: Request<Configuration>) throws(CNIError) {}  // always ready
}
