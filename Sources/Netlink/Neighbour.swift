public import Addressing

/// An entry of the neighbour table: which MAC address an IP address has on a link. ip-neighbour(8).
public struct Neighbour: Hashable, Sendable {
    public var address: IPAddress
    /// nil while it is looked for.
    public var mac: MACAddress?
    public var link: Int32
    /// Stays until somebody deletes it. C: `NUD_PERMANENT`.
    public var isPermanent: Bool

    public init(_ address: IPAddress, _ mac: MACAddress?, link: Int32, isPermanent: Bool = true) {
        self.address = address
        self.mac = mac
        self.link = link
        self.isPermanent = isPermanent
    }
}

/// An entry of a forwarding database: behind which port or host a MAC address is. bridge(8), `bridge fdb`.
public struct ForwardingEntry: Hashable, Sendable {
    public var mac: MACAddress
    /// The port of a bridge, or a vxlan link.
    public var link: Int32
    /// The host behind a vxlan link; nil for a bridge's port.
    public var host: IPAddress?
    public var vlan: UInt16?
    /// In the database of the link itself, not of the bridge it is a port of. C: `NTF_SELF`.
    public var isOwn: Bool
    /// Stays until somebody deletes it; in a bridge's database, the address is the port's own. C: `NUD_PERMANENT`;
    /// otherwise learned.
    public var isPermanent: Bool
    /// In a bridge's database: stays until somebody deletes it, also when the address is seen at another port.
    /// `static sticky` of bridge(8).
    public var isSticky: Bool

    public init(
        _ mac: MACAddress, link: Int32, host: IPAddress? = nil, vlan: UInt16? = nil, isOwn: Bool = false,
        isPermanent: Bool = true, isSticky: Bool = false
    ) {
        self.mac = mac
        self.link = link
        self.host = host
        self.vlan = vlan
        self.isOwn = isOwn
        self.isPermanent = isPermanent && !isSticky
        self.isSticky = isSticky
    }
}

extension RouteSocket {
    /// The neighbours on a link, or on all links. `ip neighbour show dev LINK`.
    public borrowing func neighbours(of link: Int32? = nil) throws(NetlinkError) -> [Neighbour] {
        try neighbourAnswers(Family.unspecified, link, request: "neighbour show").compactMap { answer in
            let entry = NeighbourEntry(answer)
            guard let address = entry.address, link == nil || entry.link == link else { return nil }
            return Neighbour(address, entry.mac, link: entry.link, isPermanent: entry.isPermanent)
        }
    }

    /// The forwarding database of a link, or of all links. `bridge fdb show dev LINK`.
    public borrowing func forwardingEntries(of link: Int32? = nil) throws(NetlinkError) -> [ForwardingEntry] {
        // An older kernel does not filter.
        try neighbourAnswers(Family.bridge, link, request: "fdb show").compactMap { answer in
            let entry = NeighbourEntry(answer)
            guard let mac = entry.mac, link == nil || entry.link == link else { return nil }
            return ForwardingEntry(
                mac, link: entry.link, host: entry.address, vlan: entry.vlan,
                isOwn: entry.flags & NeighbourEntry.own != 0, isPermanent: entry.isPermanent,
                isSticky: entry.flags & NeighbourEntry.sticky != 0)
        }
    }

    private borrowing func neighbourAnswers(
        _ family: UInt8, _ link: Int32?, request: String
    ) throws(NetlinkError) -> [NetlinkAnswer] {
        let header = [family] + [UInt8](repeating: 0, count: 11)
        var message = NetlinkMessage(
            RouteType.getNeighbour, [.request, .dump], header: header, request: request)
        if let link { message.put(NeighbourAttribute.link, link) }
        return try socket.exchange(message)
    }
}

extension RouteRequest {
    /// Adds a neighbour or changes it. `ip neighbour replace ADDRESS lladdr MAC dev LINK`.
    public static func replaceNeighbour(_ neighbour: Neighbour) -> RouteRequest {
        request(RouteType.newNeighbour, [.create, .replace], neighbour, verb: "replace")
    }

    /// Removes a neighbour. `ip neighbour delete ADDRESS dev LINK`.
    ///
    /// The kernel answers `ENOENT` when there is none.
    public static func deleteNeighbour(_ address: IPAddress, link: Int32) -> RouteRequest {
        request(RouteType.deleteNeighbour, [], Neighbour(address, nil, link: link), verb: "delete")
    }

    /// Adds an entry to a forwarding database or changes it. `bridge fdb replace MAC dev LINK`.
    public static func replaceForwardingEntry(_ entry: ForwardingEntry) -> RouteRequest {
        request(RouteType.newNeighbour, [.create, .replace], entry, verb: "replace")
    }

    /// Removes an entry of a forwarding database. `bridge fdb delete MAC dev LINK`.
    ///
    /// The kernel answers `ENOENT` when there is none.
    public static func deleteForwardingEntry(_ entry: ForwardingEntry) -> RouteRequest {
        request(RouteType.deleteNeighbour, [], entry, verb: "delete")
    }

    private static func request(
        _ type: UInt16, _ flags: NetlinkMessage.Flags, _ neighbour: Neighbour, verb: String
    ) -> RouteRequest {
        var message = NetlinkMessage(
            type, flags.union([.request, .acknowledge]),
            header: header(
                neighbour.address.family.number, neighbour.link,
                neighbour.isPermanent ? NeighbourEntry.permanent : NeighbourEntry.reachable, flags: 0),
            request: "neighbour \(verb) \(neighbour.address) dev \(neighbour.link)")
        message.put(NeighbourAttribute.address, neighbour.address.octets)
        if let mac = neighbour.mac { message.put(NeighbourAttribute.mac, mac.octets) }
        return RouteRequest(message)
    }

    private static func request(
        _ type: UInt16, _ flags: NetlinkMessage.Flags, _ entry: ForwardingEntry, verb: String
    ) -> RouteRequest {
        var state = entry.isPermanent ? NeighbourEntry.permanent : NeighbourEntry.reachable
        if entry.isSticky { state = NeighbourEntry.fixed }
        let marks =
            (entry.isOwn ? NeighbourEntry.own : NeighbourEntry.master)
            | (entry.isSticky ? NeighbourEntry.sticky : 0)
        var message = NetlinkMessage(
            type, flags.union([.request, .acknowledge]),
            header: header(Family.bridge, entry.link, state, flags: marks),
            request: "fdb \(verb) \(entry.mac) dev \(entry.link)")
        message.put(NeighbourAttribute.mac, entry.mac.octets)
        if let host = entry.host { message.put(NeighbourAttribute.address, host.octets) }
        if let vlan = entry.vlan { message.put(NeighbourAttribute.vlan, vlan) }
        return RouteRequest(message)
    }

    /// C: `struct ndmsg`.
    private static func header(_ family: UInt8, _ link: Int32, _ state: UInt16, flags: UInt8) -> [UInt8] {
        var header: [UInt8] = [family, 0, 0, 0]
        header.append(number: link)
        header.append(number: state)
        return header + [flags, 0]
    }
}

/// An `RTM_NEWNEIGH` message, of either table.
struct NeighbourEntry {
    /// C: `NUD_PERMANENT`.
    static let permanent: UInt16 = 0x80
    /// C: `NUD_REACHABLE`.
    static let reachable: UInt16 = 0x02
    /// C: `NUD_NOARP`.
    static let fixed: UInt16 = 0x40
    /// C: `NTF_SELF`.
    static let own: UInt8 = 0x02
    /// C: `NTF_MASTER`.
    static let master: UInt8 = 0x04
    /// C: `NTF_STICKY`.
    static let sticky: UInt8 = 0x40

    let link: Int32
    let flags: UInt8
    let isPermanent: Bool
    let address: IPAddress?
    let mac: MACAddress?
    let vlan: UInt16?

    init(_ answer: NetlinkAnswer) {
        let attributes = answer.attributes(after: 12)
        link = answer.body.dropFirst(4).number(as: Int32.self)
        isPermanent = answer.body.dropFirst(8).number(as: UInt16.self) & Self.permanent != 0
        flags = answer.body.dropFirst(10).number(as: UInt8.self)
        address = attributes[NeighbourAttribute.address].flatMap { IPAddress(octets: $0) }
        mac = attributes[NeighbourAttribute.mac].flatMap { MACAddress(octets: $0) }
        vlan = attributes.number(NeighbourAttribute.vlan, as: UInt16.self)
    }
}

/// C: `NDA_*`.
private enum NeighbourAttribute {
    static let address: UInt16 = 1
    static let mac: UInt16 = 2
    static let vlan: UInt16 = 5
    static let link: UInt16 = 8
}
