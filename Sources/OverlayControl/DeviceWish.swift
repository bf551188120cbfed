package import Addressing

/// The devices one overlay network has on a node: a bridge for its containers, and a VXLAN to the other nodes.
package struct DeviceWish: Hashable, Sendable {
    /// The bridge's name.
    package var bridge: String
    /// The VXLAN's name.
    package var vxlan: String
    /// The number of the network in the packets between nodes.
    package var vni: UInt32
    /// The address of this node the packets come from.
    package var vtep: IPAddress
    /// The UDP port of all nodes.
    package var port: UInt16
    /// Bytes of the largest packet inside.
    package var mtu: UInt32
    /// The bridge's addresses, the same on each node.
    package var gateways: [IPPrefix]
    /// The bridge's MAC address, the same on each node.
    package var gatewayMAC: MACAddress
    /// The network's id. It stands in the devices' aliases: what carries it may be changed and deleted.
    package var network: String

    package init(
        bridge: String, vxlan: String, vni: UInt32, vtep: IPAddress, port: UInt16, mtu: UInt32,
        gateways: [IPPrefix], gatewayMAC: MACAddress, network: String
    ) {
        self.bridge = bridge
        self.vxlan = vxlan
        self.vni = vni
        self.vtep = vtep
        self.port = port
        self.mtu = mtu
        self.gateways = gateways
        self.gatewayMAC = gatewayMAC
        self.network = network
    }
}

/// An address of a container on another node, and the way to it.
package struct TableEntry: Hashable, Sendable {
    package var address: IPAddress
    package var mac: MACAddress
    /// The other node's end of the tunnel.
    package var host: IPAddress

    package init(address: IPAddress, mac: MACAddress, host: IPAddress) {
        self.address = address
        self.mac = mac
        self.host = host
    }
}
