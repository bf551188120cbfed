package import Addressing

/// A port of the container which somebody wants to reach by the host. `-p`, one container port each.
package struct PortRequest: Hashable, Sendable {
    package var container: ContainerPort
    /// The only address of the host it is for; `nil` is every one.
    package var hostIP: IPAddress?
    /// The ports of the host to choose from: one, or the first free one of several; `nil` is any.
    package var hostPorts: ClosedRange<UInt16>?

    package init(
        container: ContainerPort, hostIP: IPAddress? = nil, hostPorts: ClosedRange<UInt16>? = nil
    ) {
        self.container = container
        self.hostIP = hostIP
        self.hostPorts = hostPorts
    }
}

/// A published port as it is: what `ps` and `port` show.
package struct PublishedPort: Hashable, Sendable {
    package var container: ContainerPort
    /// `0.0.0.0` and `::` stand for every address of a family.
    package var hostIP: IPAddress
    package var hostPort: UInt16

    package init(container: ContainerPort, hostIP: IPAddress, hostPort: UInt16) {
        self.container = container
        self.hostIP = hostIP
        self.hostPort = hostPort
    }
}
