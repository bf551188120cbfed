package import Addressing

/// A port of the host that is listened on.
package struct ListeningPort: Hashable, Sendable {
    package let transport: PublishedPort.Transport
    /// One address of the host, or `0.0.0.0` or `::` for all of a family.
    package let address: IPAddress
    package let port: UInt16

    package init(_ transport: PublishedPort.Transport, _ address: IPAddress, _ port: UInt16) {
        self.transport = transport
        self.address = address
        self.port = port
    }

    /// Whether one socket cannot have the one while another has the other.
    package func excludes(_ other: ListeningPort) -> Bool {
        transport == other.transport && port == other.port && address.family == other.address.family
            && (address == other.address || address.isUnspecified || other.address.isUnspecified)
    }
}

extension ListeningPort: CustomStringConvertible {
    /// As Docker writes it: `0.0.0.0:80`, `[::]:80`.
    package var description: String {
        address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}

/// A port of a container.
package struct TargetPort: Hashable, Sendable {
    package let address: IPAddress
    package let port: UInt16

    package init(_ address: IPAddress, _ port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// What is listened on for a container, and where it leads. A value, made without a socket.
package struct PortPlan: Hashable, Sendable {
    /// Each port of the host once.
    package private(set) var targets: [ListeningPort: TargetPort] = [:]
    /// Ports a host without IPv6 can do without: the person who published them named no address.
    package private(set) var dispensable: Set<ListeningPort> = []

    /// A plan without a port.
    package init() {}

    /// The plan for ports which are published. SCTP is not carried: only the firewall leads it.
    package init(_ ports: [PublishedPort]) {
        for port in ports where port.transport != .sctp {
            for address in port.listeningAddresses {
                let place = ListeningPort(port.transport, address, port.hostPort)
                let target = TargetPort(port.containerAddress, port.containerPort)
                // A container with an address of the client's family is reached by that.
                let isBetter = targets[place].map {
                    $0.address.family != address.family && target.address.family == address.family
                }
                if isBetter ?? true { targets[place] = target }
                if port.hostAddress == nil, address.family == .v6 { dispensable.insert(place) }
            }
        }
    }
}

extension PublishedPort {
    fileprivate var listeningAddresses: [IPAddress] {
        if let hostAddress { return [hostAddress] }
        return IPAddress.Family.allCases.compactMap { IPAddress(family: $0, value: 0) }
    }
}
