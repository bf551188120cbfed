public import Addressing

/// An IP address of an interface.
public struct InterfaceAddress: Hashable, Sendable {
    /// The address, and the length of the network it is in.
    public var prefix: IPPrefix
    /// The other end of a point-to-point link; otherwise nil.
    public var peer: IPAddress?
    /// For IPv4 only.
    public var broadcast: IPAddress?
    public var flags: Flags
    public var scope: RouteScope
    /// The metric of the route to the address's network; nil for the kernel's.
    public var metric: UInt32?

    /// An address with what ifconfig gives it: IPv4 gets its network's broadcast address, if it is no /31 or /32.
    public init(_ prefix: IPPrefix, flags: Flags = [], scope: RouteScope = .global) {
        self.prefix = prefix
        self.flags = flags
        self.scope = scope
        broadcast = prefix.family == .v4 && prefix.length < 31 ? prefix.last : nil
    }

    /// C: `IFA_F_*`.
    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// IPv6 without duplicate address detection: usable at once. C: `IFA_F_NODAD`.
        public static let noDuplicateDetection = Flags(rawValue: 0x02)
        /// Somebody else has it. C: `IFA_F_DADFAILED`.
        public static let duplicate = Flags(rawValue: 0x08)
        /// Detection is not over. C: `IFA_F_TENTATIVE`.
        public static let tentative = Flags(rawValue: 0x40)
        /// Without an end of its life. C: `IFA_F_PERMANENT`.
        public static let permanent = Flags(rawValue: 0x80)
        /// C: `IFA_F_MANAGETEMPADDR`.
        public static let managesTemporary = Flags(rawValue: 0x100)
        /// The kernel adds no route to the network. C: `IFA_F_NOPREFIXROUTE`.
        public static let noPrefixRoute = Flags(rawValue: 0x200)
        /// C: `IFA_F_MCAUTOJOIN`.
        public static let joinsMulticast = Flags(rawValue: 0x400)

        /// What a person can ask for; the others are the kernel's to tell.
        static let chosen: Flags = [
            .noDuplicateDetection, .managesTemporary, .noPrefixRoute, .joinsMulticast,
        ]
    }
}

/// How far an address or a route reaches. ip-route(8), `SCOPE_VAL`.
public struct RouteScope: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// C: `RT_SCOPE_UNIVERSE`.
    public static let global = RouteScope(rawValue: 0)
    /// C: `RT_SCOPE_LINK`.
    public static let link = RouteScope(rawValue: 253)
    /// C: `RT_SCOPE_HOST`.
    public static let host = RouteScope(rawValue: 254)
}

extension RouteSocket {
    /// The addresses of a link, of both families; of all links without one. `ip address show dev LINK`.
    ///
    /// - Throws: ``NetlinkError`` with `ENODEV` when there is no such link.
    public borrowing func addresses(of link: Int32? = nil) throws(NetlinkError) -> [InterfaceAddress] {
        var header = [UInt8](repeating: 0, count: 4)
        header.append(number: link ?? 0)
        let message = NetlinkMessage(
            RouteType.getAddress, [.request, .dump], header: header, request: "address show")
        // An older kernel does not filter.
        return try socket.exchange(message).compactMap { answer in
            let index = answer.body.dropFirst(4).number(as: Int32.self)
            return link == nil || index == link ? InterfaceAddress(answer) : nil
        }
    }
}

extension RouteRequest {
    /// Gives a link an address. `ip address add ADDRESS dev LINK`.
    ///
    /// The kernel answers `EEXIST` when it has the address.
    public static func addAddress(_ address: InterfaceAddress, to link: Int32) -> RouteRequest {
        request(RouteType.newAddress, [.create, .exclusive], address, link, verb: "add")
    }

    /// Takes an address away. `ip address delete ADDRESS dev LINK`.
    ///
    /// The kernel answers `EADDRNOTAVAIL` when the link does not have it.
    public static func deleteAddress(_ prefix: IPPrefix, from link: Int32) -> RouteRequest {
        var address = InterfaceAddress(prefix)
        address.broadcast = nil
        return request(RouteType.deleteAddress, [], address, link, verb: "delete")
    }

    private static func request(
        _ type: UInt16, _ flags: NetlinkMessage.Flags, _ address: InterfaceAddress, _ link: Int32,
        verb: String
    ) -> RouteRequest {
        let prefix = address.prefix
        var header: [UInt8] = [prefix.family.number, UInt8(prefix.length), 0, address.scope.rawValue]
        header.append(number: link)
        var message = NetlinkMessage(
            type, flags.union([.request, .acknowledge]), header: header,
            request: "address \(verb) \(prefix) dev \(link)")
        message.put(AddressAttribute.local, prefix.address.octets)
        message.put(AddressAttribute.address, (address.peer ?? prefix.address).octets)
        if let broadcast = address.broadcast { message.put(AddressAttribute.broadcast, broadcast.octets) }
        let flags = address.flags.intersection(.chosen)
        if !flags.isEmpty { message.put(AddressAttribute.flags, flags.rawValue) }
        if let metric = address.metric { message.put(AddressAttribute.metric, metric) }
        return RouteRequest(message)
    }
}

extension InterfaceAddress {
    /// Reads `RTM_NEWADDR`.
    init?(_ answer: NetlinkAnswer) {
        let head = [UInt8](answer.body.prefix(8))
        guard answer.type == RouteType.newAddress, head.count == 8 else { return nil }
        let attributes = answer.attributes(after: 8)
        let remote = attributes[AddressAttribute.address].flatMap { IPAddress(octets: $0) }
        let local = attributes[AddressAttribute.local].flatMap { IPAddress(octets: $0) }
        guard let address = local ?? remote, let prefix = IPPrefix(address, length: Int(head[1])) else {
            return nil
        }
        self.prefix = prefix
        peer = remote == address ? nil : remote
        broadcast = attributes[AddressAttribute.broadcast].flatMap { IPAddress(octets: $0) }
        let wide = attributes.number(AddressAttribute.flags, as: UInt32.self)
        flags = Flags(rawValue: wide ?? UInt32(head[2]))
        scope = RouteScope(rawValue: head[3])
        metric = attributes.number(AddressAttribute.metric, as: UInt32.self)
    }
}

/// C: `IFA_*`.
private enum AddressAttribute {
    static let address: UInt16 = 1
    static let local: UInt16 = 2
    static let broadcast: UInt16 = 4
    static let flags: UInt16 = 8
    static let metric: UInt16 = 9
}

extension IPAddress.Family {
    /// The kernel's number.
    var number: UInt8 { self == .v4 ? Family.v4 : Family.v6 }

    init?(number: UInt8) {
        switch number {
        case Family.v4: self = .v4
        case Family.v6: self = .v6
        default: return nil
        }
    }
}
