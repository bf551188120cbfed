package import Addressing

/// A port of the host that leads to a port of a container.
package struct PublishedPort: Hashable, Sendable {
    package var hostAddress: IPAddress?
    package var hostPort: UInt16
    package var containerAddress: IPAddress
    package var containerPort: UInt16
    package var transport: Transport

    /// How it is spoken to.
    package enum Transport: String, Sendable { case tcp, udp, sctp }
}
