/// What tells one attachment from all others: the three names of a result cache's file.
package struct AttachmentKey: Hashable, Sendable, CustomStringConvertible {
    package let network: String
    package let containerID: String
    /// The interface's name in the container.
    package let interface: String

    package init(network: String, containerID: String, interface: String) {
        self.network = network
        self.containerID = containerID
        self.interface = interface
    }

    /// For error text.
    package var description: String {
        "interface \(interface) of container \(containerID) on network \(network)"
    }

    /// The name of its file in a cache, libcni's.
    var fileName: String { "\(network)-\(containerID)-\(interface)" }
}
