package import Addressing
internal import NFTables

/// What a plugin can ask of the firewall for one attachment: one element of one set.
package enum Entry: Hashable, Sendable {
    /// Packets from the address get the host's address where they leave its home.
    case masquerade(IPAddress)
    /// The bridge the address is at home on.
    case home(IPAddress, bridge: String)
    /// A port of the host leads to a port of the address.
    case publication(Publication)
    /// A port of the host leads nowhere for clients from some addresses on some addresses.
    case exception(Exception)
    /// Clients on the link the address is reached by, and on the host's loopback, get the host's address: answers come
    /// back the way they went.
    case hairpin(IPAddress, interface: String)
    /// The container as a client of its own published ports gets the host's address.
    case itself(IPAddress)
    /// Every client of a published port gets the host's address.
    case masqueradeClients(IPAddress)
    /// Only its home, this host and clients of published ports reach the address.
    case guarded(IPAddress)
    /// The address reaches its home and this host only, and nobody else reaches it.
    case `internal`(IPAddress)
    /// No other bridge's traffic reaches the address, but for clients of published ports.
    case sameBridge(IPAddress)
    /// The bridge whose traffic does.
    case sameBridgeHome(IPAddress, bridge: String)
    /// The port of a bridge sends with MAC addresses of its own only.
    case checkedPort(String)
    /// A MAC address the port of a bridge has.
    case portMAC(String, MACAddress)
}

/// A port of the host which leads to a port of a container.
package struct Publication: Hashable, Sendable {
    /// By its number: 6 is TCP, 17 UDP, 132 SCTP.
    package let transport: UInt8
    /// nil for every address of the host.
    package let hostAddress: IPAddress?
    package let hostPort: UInt16
    package let address: IPAddress
    package let port: UInt16

    package init(
        _ transport: UInt8, hostAddress: IPAddress?, hostPort: UInt16, to address: IPAddress, port: UInt16
    ) {
        self.transport = transport
        self.hostAddress = hostAddress
        self.hostPort = hostPort
        self.address = address
        self.port = port
    }
}

/// Clients a published port is not for, or addresses of the host it is not on.
package struct Exception: Hashable, Sendable {
    /// By its number: 6 is TCP, 17 UDP, 132 SCTP.
    package let transport: UInt8
    package let hostPort: UInt16
    package let clients: ClosedRange<IPAddress>
    package let hostAddresses: ClosedRange<IPAddress>

    package init(
        _ transport: UInt8, hostPort: UInt16, clients: ClosedRange<IPAddress>,
        hostAddresses: ClosedRange<IPAddress>
    ) {
        self.transport = transport
        self.hostPort = hostPort
        self.clients = clients
        self.hostAddresses = hostAddresses
    }

    fileprivate var key: [Value] {
        [
            .address(clients.lowerBound), .address(hostAddresses.lowerBound), .protocolNumber(transport),
            .port(hostPort),
        ]
    }

    fileprivate var end: [Value] {
        [.address(clients.upperBound), .address(hostAddresses.upperBound)] + key.suffix(2)
    }
}

extension Entry {
    /// The table it stands in.
    var layout: Layout {
        switch self {
        case .checkedPort, .portMAC: .ports
        default: .addresses
        }
    }

    /// The name of the set, its key there, and what the key leads to.
    private var parts: (set: String, key: [Value], data: [Value]) {
        switch self {
        case .masquerade(let address): ("masquerade\(address.family.rawValue)", [.address(address)], [])
        case .home(let address, let bridge):
            ("home\(address.family.rawValue)", [.address(address), .interface(bridge)], [])
        case .publication(let publication): publication.parts
        case .exception(let exception):
            ("except\(exception.clients.lowerBound.family.rawValue)", exception.key, [])
        case .hairpin(let address, let interface):
            ("hairpin\(address.family.rawValue)", [.address(address), .interface(interface)], [])
        case .itself(let address):
            ("itself\(address.family.rawValue)", [.address(address), .address(address)], [])
        case .masqueradeClients(let address):
            ("masquerade_clients\(address.family.rawValue)", [.address(address)], [])
        case .guarded(let address): ("guarded\(address.family.rawValue)", [.address(address)], [])
        case .internal(let address): ("internal\(address.family.rawValue)", [.address(address)], [])
        case .sameBridge(let address): ("same_bridge\(address.family.rawValue)", [.address(address)], [])
        case .sameBridgeHome(let address, let bridge):
            ("same_bridge_home\(address.family.rawValue)", [.address(address), .interface(bridge)], [])
        case .checkedPort(let port): ("checked", [.interface(port)], [])
        case .portMAC(let port, let mac): ("macs", [.interface(port), .mac(mac)], [])
        }
    }

    /// The last values of a key of ranges.
    private var end: [Value]? {
        if case .exception(let exception) = self { return exception.end }
        return nil
    }

    var key: ElementKey { layout.key(parts.set, parts.key, upTo: end) }

    func element(of owner: Owner) -> Element {
        Element(parts.key, upTo: end, gives: parts.data, comment: owner.text)
    }

    /// The port, where it is one: its key can be somebody else's by right, so it is not taken over.
    var publication: Publication? {
        if case .publication(let publication) = self { return publication }
        return nil
    }
}

extension Entry: CustomStringConvertible {
    /// As nft(8) writes it: `home4 { 10.1.0.2 . "cni0" }`.
    package var description: String {
        "\(parts.set) { \(text(parts.key, upTo: end))\(parts.data.isEmpty ? "" : " : \(text(parts.data))") }"
    }
}

extension Publication {
    fileprivate var parts: (set: String, key: [Value], data: [Value]) {
        let key: [Value] = [.protocolNumber(transport), .port(hostPort)]
        let data: [Value] = [.address(address), .port(port)]
        guard let hostAddress else { return ("dnat\(address.family.rawValue)", key, data) }
        return ("dnat_address\(address.family.rawValue)", [.address(hostAddress)] + key, data)
    }

    /// Protocol and port of the host, as they stand in a key.
    var portKey: ArraySlice<Value> { [.protocolNumber(transport), .port(hostPort)] }

    /// What the host would call it: `0.0.0.0:80/tcp`.
    package var hostText: String {
        let transport = "\(Value.protocolNumber(transport))"
        let everywhere = address.family == .v4 ? "0.0.0.0" : "[::]"
        let host = hostAddress.map { $0.family == .v4 ? "\($0)" : "[\($0)]" } ?? everywhere
        return "\(host):\(hostPort)/\(transport)"
    }
}

extension Layout {
    func key(_ set: String, _ values: [Value], upTo end: [Value]? = nil) -> ElementKey {
        guard let found = sets.first(where: { $0.name == set }) else {
            fatalError("the layout has no set \(set)")
        }
        return ElementKey(table, found, values, upTo: end)
    }
}

/// An element which is there, and where.
struct Holding {
    let key: ElementKey
    let element: Element

    /// The port it leads from, where it does.
    var publication: Publication? {
        guard key.set.data.count == 2, case .address(let address) = element.data.first,
            case .port(let port) = element.data.last, case .port(let hostPort) = element.key.last,
            case .protocolNumber(let transport) = element.key.suffix(2).first
        else { return nil }
        var hostAddress: IPAddress?
        if case .address(let first) = element.key.first { hostAddress = first }
        return Publication(transport, hostAddress: hostAddress, hostPort: hostPort, to: address, port: port)
    }
}
