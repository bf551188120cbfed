package import Addressing

/// A network of the cluster: what `nets/<id>` of the store holds.
package struct OverlayNetwork: Hashable, Sendable {
    /// 64 hexadecimal digits.
    package let id: String
    package let name: String
    /// IPv4; its host bits are not set.
    package let subnet: IPPrefix
    package let gateway: IPAddress
    /// IPv6, beside the IPv4 subnet; its host bits are not set.
    package let subnet6: IPPrefix?
    package let gateway6: IPAddress?
    /// VXLAN network identifier: 1 to 16777215.
    package let vni: UInt32
    /// Bits of the prefix of the blocks which nodes take addresses from.
    package let blockLength: Int
    /// Bytes of the largest packet; nil: what each node's uplink leaves.
    package let mtu: UInt32?
    package let isInternal: Bool
    package let isAttachable: Bool
    package let labels: [String: String]
    /// RFC 3339.
    package let created: String

    package init(id: String, name: String, wish: NetworkWish, subnet: IPPrefix, vni: UInt32, created: String)
    {
        self.id = id
        self.name = name
        self.subnet = subnet
        gateway = wish.gateway ?? subnet.first.advanced(by: 1) ?? subnet.first
        subnet6 = wish.subnet6
        gateway6 = wish.gateway6 ?? wish.subnet6?.first.advanced(by: 1)
        self.vni = vni
        blockLength = wish.blockLength ?? Self.blockLength(of: subnet)
        mtu = wish.mtu
        isInternal = wish.isInternal
        isAttachable = wish.isAttachable
        labels = wish.labels
        self.created = created
    }

    /// Sixteen blocks of a small subnet, and none of more than 64 addresses: a node that comes finds one free.
    package static func blockLength(of subnet: IPPrefix) -> Int { min(30, max(26, subnet.length + 4)) }
}

extension OverlayNetwork {
    /// The bridge on each node. The kernel takes 15 bytes.
    package var bridgeName: String { Self.bridgeName(id) }

    /// The tunnel on each node.
    package var vxlanName: String { Self.vxlanName(id) }

    /// The bridge of the network with that ID.
    package static func bridgeName(_ id: String) -> String { "ov-\(id.prefix(8))" }

    /// The tunnel of the network with that ID.
    package static func vxlanName(_ id: String) -> String { "vx-\(id.prefix(8))" }

    /// The gateway's, the same on each node: a container that has learned it may move.
    package var gatewayMAC: MACAddress { MACAddress(gateway) }

    /// Whether a container may have the address: not the network's, the broadcast's or the gateway's.
    package func isAssignable(_ address: IPAddress) -> Bool {
        subnet.contains(address) && address != subnet.first && address != subnet.last && address != gateway
    }

    /// The block an address is in.
    package func block(of address: IPAddress) -> IPPrefix? { IPPrefix(address, length: blockLength)?.network }

    /// The IPv6 address which belongs to an IPv4 address: the same distance from the subnet's beginning.
    ///
    /// That of the one is nobody else's, so the other is not either, and needs no blocks of its own.
    package func address6(for address: IPAddress) -> IPAddress? {
        guard let subnet6 else { return nil }
        return subnet6.first.advanced(by: Int128(address.value) - Int128(subnet.first.value))
    }
}
