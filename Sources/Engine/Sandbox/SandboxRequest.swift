package import Addressing
package import CNISpec

/// What somebody asks for a container's network.
package struct SandboxRequest: Hashable, Sendable {
    package var containerID: String
    package var name: String
    /// Empty: the first twelve digits of the ID, or the host's or the other container's name where that one is shared.
    package var hostname: String
    /// Empty: none.
    package var domainname: String
    package var mode: NetworkMode
    package var ports: [PortRequest]
    /// Whether every port in ``exposed`` is published on a random port of the host, `-P`.
    package var publishesAll: Bool
    /// `--expose` and the image's `EXPOSE`.
    package var exposed: [ContainerPort]
    package var dns: NameRequest
    package var extraHosts: [ExtraHost]
    package var links: [LinkRequest]

    package init(
        containerID: String, name: String, hostname: String = "", domainname: String = "",
        mode: NetworkMode = .networks([EndpointRequest(network: "bridge")]), ports: [PortRequest] = [],
        publishesAll: Bool = false, exposed: [ContainerPort] = [], dns: NameRequest = NameRequest(),
        extraHosts: [ExtraHost] = [], links: [LinkRequest] = []
    ) {
        self.containerID = containerID
        self.name = name
        self.hostname = hostname
        self.domainname = domainname
        self.mode = mode
        self.ports = ports
        self.publishesAll = publishesAll
        self.exposed = exposed
        self.dns = dns
        self.extraHosts = extraHosts
        self.links = links
    }
}

/// Whose network a container has. `--network`
package enum NetworkMode: Hashable, Sendable {
    /// One of its own, with an interface in each of these networks: `eth0`, `eth1`... in this order.
    case networks([EndpointRequest])
    /// The host's.
    case host
    /// One of its own without a way out.
    case none
    /// That of the container with this ID.
    case container(String)
}

/// How a container finds names. `--dns`, `--dns-search`, `--dns-option`
package struct NameRequest: Hashable, Sendable {
    package var servers: [IPAddress]
    /// `.` alone stands for no search domain at all.
    package var search: [String]
    package var options: [String]

    package init(servers: [IPAddress] = [], search: [String] = [], options: [String] = []) {
        self.servers = servers
        self.search = search
        self.options = options
    }
}

/// A line of the container's hosts file. `--add-host NAME:ADDRESS`
package struct ExtraHost: Hashable, Sendable {
    package var name: String
    /// `nil` for `host-gateway`, the host as containers see it.
    package var address: IPAddress?

    package init(name: String, address: IPAddress?) {
        self.name = name
        self.address = address
    }
}

/// Another container this one knows by a name of its own. `--link CONTAINER:ALIAS`
package struct LinkRequest: Hashable, Sendable {
    /// The other container's ID.
    package var containerID: String
    package var alias: String

    package init(containerID: String, alias: String) {
        self.containerID = containerID
        self.alias = alias
    }
}

/// A port of the container, whether it is published or not. `EXPOSE`
package struct ContainerPort: Hashable, Sendable {
    package var number: UInt16
    package var transport: PortMapping.Transport

    package init(_ number: UInt16, _ transport: PortMapping.Transport = .tcp) {
        self.number = number
        self.transport = transport
    }
}

extension ContainerPort: Comparable, CustomStringConvertible {
    /// By number, then by name of the protocol.
    package static func < (left: ContainerPort, right: ContainerPort) -> Bool {
        (left.number, left.transport.rawValue) < (right.number, right.transport.rawValue)
    }

    /// `80/tcp`
    package var description: String { "\(number)/\(transport.rawValue)" }
}
