package import Addressing
package import Netlink

/// Where this node's packets for other nodes leave.
package struct Uplink: Hashable, Sendable {
    /// This node's end of the tunnel.
    package let address: IPAddress
    /// Bytes of the largest packet of the interface which has it.
    package let mtu: UInt32

    package init(address: IPAddress, mtu: UInt32) {
        self.address = address
        self.mtu = mtu
    }

    /// What a packet of a container may have: the rest is for the outer headers. RFC 7348, section 4.3.
    package var innerMTU: UInt32 { mtu - (address.family == .v4 ? 50 : 70) }

    /// Why there is none, in words.
    package struct Missing: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }
}

extension RouteSocket {
    /// The uplink somebody chose by its address or its interface; an empty text stands for that of the default route.
    ///
    /// - Returns: nil when nothing was chosen and there is no default route.
    package borrowing func uplink(_ choice: String) throws(NetlinkError) -> Result<Uplink?, Uplink.Missing> {
        if choice.isEmpty {
            guard let index = try defaultRoute()?.link else { return .success(nil) }
            return try uplink(on: try link(.index(index)), "the default route's interface")
        }
        if let address = IPAddress(choice) { return try uplink(with: address) }
        guard let link = try linkIfPresent(.name(choice)) else {
            return .failure(.init(description: "vtep: there is no interface \(choice)"))
        }
        return try uplink(on: link, choice)
    }

    private borrowing func uplink(with address: IPAddress) throws(NetlinkError)
        -> Result<Uplink?, Uplink.Missing>
    {
        for link in try links() {
            let addresses = try addresses(of: link.index)
            if addresses.contains(where: { $0.prefix.address == address }) {
                return .success(Uplink(address: address, mtu: link.mtu))
            }
        }
        return .failure(.init(description: "vtep: no interface has the address \(address)"))
    }

    private borrowing func uplink(on link: Link, _ what: String) throws(NetlinkError)
        -> Result<Uplink?, Uplink.Missing>
    {
        let usable = try addresses(of: link.index).map(\.prefix.address).filter {
            !$0.isLinkLocal && !$0.isLoopback
        }
        guard let address = usable.first(where: { $0.family == .v4 }) ?? usable.first else {
            return .failure(.init(description: "vtep: \(what) has no address"))
        }
        return .success(Uplink(address: address, mtu: link.mtu))
    }
}
