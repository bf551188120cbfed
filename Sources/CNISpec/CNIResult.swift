public import Addressing

/// What ADD answers: interfaces, addresses and routes. CNI 1.1.0, section "Success".
///
/// It holds what every version of the specification can say; ``json(_:)`` writes the shape of one.
public struct CNIResult: Hashable, Sendable {
    /// Made or changed by a plugin. Empty in the answer of an address manager.
    public var interfaces: [Interface]
    /// `ips` of the specification.
    public var addresses: [Address]
    public var routes: [Route]
    public var dns: DNS

    public init(
        interfaces: [Interface] = [], addresses: [Address] = [], routes: [Route] = [], dns: DNS = DNS()
    ) {
        self.interfaces = interfaces
        self.addresses = addresses
        self.routes = routes
        self.dns = dns
    }

    /// An interface. Texts are empty, and numbers `nil`, when nothing is said.
    public struct Interface: Hashable, Sendable {
        public var name: String
        /// A hardware address; not every kind of link has six octets.
        public var mac: String
        /// The path of the network namespace as the caller gave it, or empty for an interface of the host.
        public var sandbox: String
        /// Bytes. Since 1.1.0.
        public var mtu: UInt32?
        /// Since 1.1.0.
        public var socketPath: String
        /// Since 1.1.0.
        public var pciID: String

        public init(
            name: String, mac: String = "", sandbox: String = "", mtu: UInt32? = nil, socketPath: String = "",
            pciID: String = ""
        ) {
            self.name = name
            self.mac = mac
            self.sandbox = sandbox
            self.mtu = mtu
            self.socketPath = socketPath
            self.pciID = pciID
        }
    }

    /// An address on one of the interfaces.
    public struct Address: Hashable, Sendable {
        public var address: IPPrefix
        /// Index into ``CNIResult/interfaces``; `nil` in the answer of an address manager.
        public var interface: Int?
        public var gateway: IPAddress?

        public init(_ address: IPPrefix, interface: Int? = nil, gateway: IPAddress? = nil) {
            self.address = address
            self.interface = interface
            self.gateway = gateway
        }
    }

    /// A route in the container.
    public struct Route: Hashable, Sendable {
        public var destination: IPPrefix
        /// `nil`: the gateway of an address of the same family.
        public var gateway: IPAddress?
        /// Bytes. Since 1.1.0, like all below.
        public var mtu: UInt32?
        /// What TCP tells the other side, in bytes.
        public var advertisedMSS: UInt32?
        /// The lower, the sooner.
        public var priority: UInt32?
        public var table: UInt32?
        /// Number of rtnetlink(7): 0 global, 253 link, 254 host.
        public var scope: UInt32?

        public init(_ destination: IPPrefix, gateway: IPAddress? = nil) {
            self.destination = destination
            self.gateway = gateway
        }
    }

    /// How names are looked up in the container. resolv.conf(5)
    public struct DNS: Hashable, Sendable {
        public var nameservers: [String] = []
        public var domain = ""
        public var search: [String] = []
        public var options: [String] = []

        public init() {}

        /// Nothing is said about names.
        public var isEmpty: Bool { self == DNS() }
    }
}

extension CNIResult {
    /// The addresses which the result says the container's interface `name` has.
    public func addresses(on name: String) -> [Address] {
        addresses(of: name).filter { $0.interface.map(interfaces.indices.contains) ?? false }
    }

    /// The addresses of the container's interface `name`, and those which say no interface at all.
    public func addresses(of name: String) -> [Address] {
        addresses.filter { address in
            guard let index = address.interface, interfaces.indices.contains(index) else { return true }
            return interfaces[index].name == name && !interfaces[index].sandbox.isEmpty
        }
    }
}
