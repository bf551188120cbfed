public import Addressing
internal import Kernel

/// A connection the kernel keeps track of, with what address translation made of it. conntrack(8)
public struct Connection: Hashable, Sendable {
    /// By its number: 6 is TCP.
    public let transport: UInt8
    /// As the client sent it.
    public let original: Direction
    /// As the answer comes: its source is who the connection was led to.
    public let reply: Direction
    /// Its destination was changed. C: `IPS_DST_NAT`.
    public let isRedirected: Bool
    /// What names it to the kernel: family and attributes as they came.
    fileprivate let family: UInt8
    fileprivate let identity: [UInt16: [UInt8]]

    /// Addresses and ports of the packets of one direction; ports are 0 where the protocol has none.
    public struct Direction: Hashable, Sendable {
        public let source: IPAddress
        public let sourcePort: UInt16
        public let destination: IPAddress
        public let destinationPort: UInt16
    }
}

/// A NETLINK_NETFILTER socket for the connections of the network namespace it was opened in.
///
/// The kernel finds connections by looking through its whole table, some milliseconds for a large one, so ask for
/// ``count()`` first.
public struct ConntrackSocket: ~Copyable {
    private let socket: NetlinkSocket

    /// Opens the socket.
    public init() throws(NetlinkError) {
        socket = try NetlinkSocket(family: 12)
    }

    /// How many connections there are. `conntrack --count`.
    public borrowing func count() throws(NetlinkError) -> Int {
        let message = conntrackMessage(.statistics, [.acknowledge], 0, request: "conntrack count")
        // CTA_STATS_GLOBAL_ENTRIES
        let answers = try socket.exchange(message)
        return Int(answers.first?.attributes(after: 4).number(1, as: UInt32.self)?.bigEndian ?? 0)
    }

    /// The connections of a family. `conntrack --dump`.
    ///
    /// `transport`, `destinationPort`: what the client asked for; `server`: who answers. nil is any.
    public borrowing func connections(
        _ family: IPAddress.Family, transport: UInt8? = nil, destinationPort: UInt16? = nil,
        server: IPAddress? = nil
    ) throws(NetlinkError) -> [Connection] {
        var message = conntrackMessage(.get, [.dump], family.number, request: "conntrack list")
        message.putFilter(transport, destinationPort, server)
        // A kernel before 5.8 does not filter.
        return try socket.exchange(message).compactMap(Connection.init).filter {
            ($0.transport == transport ?? $0.transport)
                && ($0.original.destinationPort == destinationPort ?? $0.original.destinationPort)
                && ($0.reply.source == server ?? $0.reply.source)
        }
    }

    /// Forgets connections; those which have ended meanwhile are none. `conntrack --delete`.
    public borrowing func delete(_ connections: [Connection]) throws(NetlinkError) {
        let messages = connections.map { connection in
            var message = conntrackMessage(
                .delete, [.acknowledge], connection.family, request: "conntrack delete")
            for (attribute, value) in connection.identity { message.put(attribute, value) }
            return message
        }
        _ = try socket.exchange(messages, ignoring: .noEntity)
    }
}

extension NetlinkMessage {
    /// Asks the kernel for connections with these values only. C: `CTA_FILTER`.
    fileprivate mutating func putFilter(_ transport: UInt8?, _ port: UInt16?, _ server: IPAddress?) {
        var (original, reply): (UInt32, UInt32) = (0, 0)
        nest(ConntrackAttribute.original) { tuple in
            tuple.nest(ConntrackAttribute.transport) { protocolPart in
                if let transport {
                    protocolPart.put(1, transport)
                    original |= 1 << 3
                }
                if let port, transport != nil {
                    protocolPart.put(3, port.bigEndian)
                    original |= 1 << 5
                }
            }
        }
        if let server {
            nest(ConntrackAttribute.reply) { tuple in
                tuple.nest(ConntrackAttribute.addresses) {
                    $0.put(server.family == .v4 ? 1 : 3, server.octets)
                }
            }
            reply |= 1 << 0
        }
        nest(ConntrackAttribute.filter) { filter in
            filter.put(1, original)
            filter.put(2, reply)
        }
    }
}

extension Connection {
    /// Reads `IPCTNL_MSG_CT_NEW`.
    init?(_ answer: NetlinkAnswer) {
        let attributes = answer.attributes(after: 4)
        let tuple = attributes.nested(ConntrackAttribute.original)
        guard let original = Direction(tuple),
            let reply = Direction(attributes.nested(ConntrackAttribute.reply)),
            let transport = tuple.nested(ConntrackAttribute.transport).number(1, as: UInt8.self)
        else { return nil }
        self.original = original
        self.reply = reply
        self.transport = transport
        let status = attributes.number(ConntrackAttribute.status, as: UInt32.self)?.bigEndian ?? 0
        isRedirected = status & 1 << 5 != 0
        family = answer.body.first ?? 0
        var identity: [UInt16: [UInt8]] = [:]
        for (type, value) in attributes where ConntrackAttribute.identity.contains(type) {
            // What is nested has to say so.
            let isNested = type == ConntrackAttribute.original
            identity[isNested ? type | 0x8000 : type] = Array(value)
        }
        self.identity = identity
    }
}

extension Connection.Direction {
    fileprivate init?(_ tuple: NetlinkAttributes) {
        let addresses = tuple.nested(ConntrackAttribute.addresses)
        let ports = tuple.nested(ConntrackAttribute.transport)
        guard let source = (addresses[1] ?? addresses[3]).flatMap({ IPAddress(octets: $0) }),
            let destination = (addresses[2] ?? addresses[4]).flatMap({ IPAddress(octets: $0) })
        else { return nil }
        self.source = source
        self.destination = destination
        sourcePort = ports.number(2, as: UInt16.self)?.bigEndian ?? 0
        destinationPort = ports.number(3, as: UInt16.self)?.bigEndian ?? 0
    }
}

/// C: `IPCTNL_MSG_CT_*`.
private enum ConntrackType: UInt16 {
    case get = 1
    case delete = 2
    case statistics = 5
}

private func conntrackMessage(
    _ type: ConntrackType, _ flags: NetlinkMessage.Flags, _ family: UInt8, request: String
) -> NetlinkMessage {
    // NFNL_SUBSYS_CTNETLINK, and C: `struct nfgenmsg`.
    NetlinkMessage(
        1 << 8 | type.rawValue, flags.union(.request), header: [family, 0, 0, 0], request: request)
}

/// C: `CTA_*`; the last two are nested in a direction.
private enum ConntrackAttribute {
    static let original: UInt16 = 1
    static let reply: UInt16 = 2
    static let status: UInt16 = 3
    static let filter: UInt16 = 25
    /// The client's direction, the number, the zone.
    static let identity: [UInt16] = [original, 12, 18]
    static let addresses: UInt16 = 1
    static let transport: UInt16 = 2
}
