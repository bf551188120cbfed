public import Addressing
internal import Kernel

/// A socket of this host that waits for packets or connections from anybody. ss(8), `--listening`.
public struct Listener: Hashable, Sendable {
    /// `0.0.0.0` or `::` for all addresses.
    public let address: IPAddress
    public let port: UInt16
    /// On `::`: IPv4 does not come here, too. C: `IPV6_V6ONLY`.
    public let isIPv6Only: Bool
    /// What `/proc/PID/fd` calls it: `socket:[INODE]`.
    public let inode: UInt32

    /// Whether packets of `family` to `destination` come here; nil is any address of this host.
    public func receives(_ family: IPAddress.Family, _ destination: IPAddress?) -> Bool {
        if address.family != family { return address.isUnspecified && address.family == .v6 && !isIPv6Only }
        return address.isUnspecified || destination == nil || destination == address
    }
}

/// A NETLINK_SOCK_DIAG socket for the sockets of the network namespace it was opened in. sock_diag(7).
public struct ListenerSocket: ~Copyable {
    private let socket: NetlinkSocket

    /// Opens the socket.
    public init() throws(NetlinkError) { socket = try NetlinkSocket(family: 4) }

    /// Who waits for a transport protocol, of a family of addresses. `ss --listening --numeric`.
    ///
    /// `transport`: by its number, 6 is TCP. A kernel which cannot tell, or does not know the protocol, names nobody.
    public borrowing func listeners(
        _ transport: UInt8, _ family: IPAddress.Family
    ) throws(NetlinkError) -> [Listener] {
        // A datagram socket without a peer is in the state TCP calls closed.
        let states: UInt32 = transport == 17 ? 1 << 7 : 1 << 10
        // C: struct inet_diag_req_v2: no extensions, any ports, addresses and link; no cookie.
        var header: [UInt8] = [family.number, transport, 0, 0]
        header.append(number: states)
        header += [UInt8](repeating: 0, count: 40) + [UInt8](repeating: 0xFF, count: 8)
        let message = NetlinkMessage(20, [.request, .dump], header: header, request: "list sockets")
        do throws(NetlinkError) { return try socket.exchange(message).compactMap(Listener.init) } catch {
            if [.noEntity, .notSupported].contains(error.errno) { return [] }
            throw error
        }
    }
}

extension Listener {
    /// Reads C: `struct inet_diag_msg`.
    fileprivate init?(_ answer: NetlinkAnswer) {
        let body = answer.body
        guard body.count >= 72 else { return nil }
        let octets = body.dropFirst(8).prefix(body.first == Family.v4 ? 4 : 16)
        guard let address = IPAddress(octets: octets) else { return nil }
        self.address = address
        port = UInt16(bigEndian: body.dropFirst(4).number(as: UInt16.self))
        inode = body.dropFirst(68).number(as: UInt32.self)
        // INET_DIAG_SKV6ONLY
        isIPv6Only = answer.attributes(after: 72).number(11, as: UInt8.self) == 1
    }
}
