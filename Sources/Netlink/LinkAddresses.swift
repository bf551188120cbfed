internal import Addressing

/// An address, and the link that has it.
public struct LinkAddress: Hashable, Sendable {
    /// The link's index.
    public let link: Int32
    public let address: InterfaceAddress
}

extension RouteSocket {
    /// The addresses of all links, of both families, in one question. `ip address show`.
    public borrowing func linkAddresses() throws(NetlinkError) -> [LinkAddress] {
        let message = NetlinkMessage(
            RouteType.getAddress, [.request, .dump], header: [UInt8](repeating: 0, count: 8),
            request: "address show")
        return try socket.exchange(message).compactMap { answer in
            let index = answer.body.dropFirst(4).number(as: Int32.self)
            return InterfaceAddress(answer).map { LinkAddress(link: index, address: $0) }
        }
    }
}
