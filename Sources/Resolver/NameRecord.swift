package import Addressing

/// The names of one container on one network: a file of `dns/` in the run directory.
///
/// The plugin dns writes it; `apus-netd` adds the ports it listens on, and answers by it as long as the file is there.
package struct NameRecord: Hashable, Sendable {
    /// The name of the network: names are seen by containers which share it.
    package var network: String
    package var containerID: String
    /// The interface in the container, for example `eth0`.
    package var interface: String
    /// Path of the container's network namespace.
    package var namespace: String
    /// What the container is called here, each once. The first is what its addresses are called.
    package var names: [String]
    /// Behind each name, besides the network's name: with `dns.podman` `web` is `web.dns.podman`, too. Empty for none.
    package var domain: String
    package var addresses: [IPAddress]
    /// Who is asked for names that are not ours; empty: the servers of the host's resolv.conf.
    package var upstreams: [Upstream]
    /// Nobody is asked for names that are not ours.
    package var isInternal: Bool
    /// The resolver options somebody chose for the container. resolv.conf(5).
    package var options: [String]
    /// Names which this container alone sees, and whose they are.
    package var links: [String: String]
    /// Where the daemon listens in the namespace; nil before it has been asked to.
    package var ports: ListenerPorts?

    package init(
        network: String, containerID: String, interface: String, namespace: String, names: [String],
        addresses: [IPAddress]
    ) {
        self.network = network
        self.containerID = containerID
        self.interface = interface
        self.namespace = namespace
        self.names = names
        self.addresses = addresses
        domain = ""
        upstreams = []
        isInternal = false
        options = []
        links = [:]
        ports = nil
    }

    /// The name of its file. A colon is in no network's, container's or interface's name, a point may be in all.
    package var fileName: String {
        Self.fileName(network: network, containerID: containerID, interface: interface)
    }

    /// The name of an attachment's file.
    package static func fileName(network: String, containerID: String, interface: String) -> String {
        "\(network):\(containerID):\(interface).json"
    }
}

/// Ports of `127.0.0.11` in a container's namespace.
package struct ListenerPorts: Hashable, Sendable {
    package var udp: UInt16
    package var tcp: UInt16

    package init(udp: UInt16, tcp: UInt16) {
        self.udp = udp
        self.tcp = tcp
    }
}

/// A server which is asked for names that are not ours.
package struct Upstream: Hashable, Sendable, CustomStringConvertible {
    package var address: IPAddress
    package var port: UInt16

    package init(_ address: IPAddress, port: UInt16 = 53) {
        self.address = address
        self.port = port
    }

    /// An address, or an address and a port: `192.0.2.1`, `192.0.2.1:5353`, `[2001:db8::1]:5353`, and as dnsmasq has it
    /// `192.0.2.1#5353`.
    package init?(_ text: String) {
        if let address = IPAddress(text) {
            self.init(address)
            return
        }
        guard let mark = text.lastIndex(where: { $0 == ":" || $0 == "#" }),
            let port = UInt16(text[text.index(after: mark)...]), port != 0
        else { return nil }
        var host = text[..<mark]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard let address = IPAddress(host) else { return nil }
        self.init(address, port: port)
    }

    package var description: String {
        if port == 53 { return "\(address)" }
        return address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
