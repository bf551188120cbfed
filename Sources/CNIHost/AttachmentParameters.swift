internal import CNISpec
internal import Digest
package import JSON

/// What a caller says about one attachment beside the network.
package struct AttachmentParameters: Hashable, Sendable {
    package var containerID: String
    /// The interface's name in the container.
    package var interface: String
    /// Path of the container's network namespace; empty when it has gone, for DEL.
    package var namespace: String
    /// `CNI_ARGS`, in order.
    package var arguments: [Argument]
    /// What the caller gives by capability; a plugin gets those its `capabilities` ask for.
    package var capabilities: [JSONValue.Member]

    /// A pair of `CNI_ARGS`.
    package struct Argument: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(
        containerID: String, interface: String = "eth0", namespace: String, arguments: [Argument] = [],
        capabilities: [JSONValue.Member] = []
    ) {
        self.containerID = containerID
        self.interface = interface
        self.namespace = namespace
        self.arguments = arguments
        self.capabilities = capabilities
    }

    /// Reads `text` as `CNI_ARGS` is written: `K=V;K=V`.
    package static func arguments(_ text: String) throws(HostError) -> [Argument] {
        var arguments: [Argument] = []
        for pair in text.isEmpty ? [] : text.split(separator: ";", omittingEmptySubsequences: false) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw .refused(
                    CNIError(
                        .invalidEnvironment, "invalid CNI_ARGS pair \"\(pair)\"",
                        details: "the form is NAME=VALUE;NAME=VALUE"))
            }
            arguments.append(Argument(String(parts[0]), String(parts[1])))
        }
        return arguments
    }

    /// Reads `text` as `CAP_ARGS` is written: an object of JSON, one member a capability.
    package static func capabilities(_ text: String) throws(HostError) -> [JSONValue.Member] {
        guard !text.isEmpty else { return [] }
        do throws(JSONError) {
            let reader = JSONReader(try JSONValue(parsing: Array(text.utf8), as: .forgiving), as: .forgiving)
            return try reader.members().map { JSONValue.Member($0.name, $0.value.value) }
        } catch {
            throw .refused(
                CNIError(
                    .decodingFailure, "capability arguments: \(error)",
                    details: "the form is {\"CAPABILITY\": VALUE}"))
        }
    }

    var argumentText: String { arguments.map { "\($0.name)=\($0.value)" }.joined(separator: ";") }

    /// The attachment on `network`, its names checked.
    func key(on network: String) throws(HostError) -> AttachmentKey {
        try checked { () throws(CNIError) in
            try Naming.checkContainerID(containerID)
            try Naming.checkNetworkName(network)
            try Naming.checkInterfaceName(interface)
            return AttachmentKey(network: network, containerID: containerID, interface: interface)
        }
    }
}

extension AttachmentParameters {
    /// The container ID cnitool makes of a namespace's absolute path, so that either program finds what the other did.
    package static func containerID(ofNamespace path: String) -> String {
        "cnitool-" + hexadecimal(SHA512.hash(Array(path.utf8)).prefix(10))
    }
}
