package import Addressing
package import JSON

/// An attachment of a container of this node to a network: a file of `overlay/` in the run directory.
///
/// The plugin overlay writes it; `apus-netd` adds what the container gets, and keeps the network up as long as the file is there.
package struct OverlayRecord: Hashable, Sendable {
    package var network: NetworkWish
    package var containerID: String
    package var interface: String
    /// Path of the container's network namespace.
    package var namespace: String
    /// The address that is wanted; nil for any.
    package var address: IPAddress?
    /// What the container got; nil before the daemon has been asked.
    package var assignment: OverlayAssignment?

    package init(
        network: NetworkWish, containerID: String, interface: String, namespace: String,
        address: IPAddress? = nil
    ) {
        self.network = network
        self.containerID = containerID
        self.interface = interface
        self.namespace = namespace
        self.address = address
    }

    package init(_ reader: JSONReader) throws(JSONError) {
        self.init(
            network: try NetworkWish(try reader.required("network")),
            containerID: try reader.required("containerID").string(),
            interface: try reader.required("interface").string(),
            namespace: try reader.required("namespace").string(),
            address: try reader.address("address", .v4))
        assignment = try reader.optional("assignment").map { (place) throws(JSONError) in
            try OverlayAssignment(place)
        }
    }

    /// What the file holds.
    package var json: JSONValue {
        var object = JSONObject()
        object.set("network", network.json)
        object.set("containerID", containerID)
        object.set("interface", interface)
        object.set("namespace", namespace)
        object.set("address", address.map { "\($0)" })
        if let assignment { object.set("assignment", assignment.json) }
        return object.value
    }

    package var endpoint: EndpointID { EndpointID(containerID: containerID, interface: interface) }

    /// The name of its file: the same as that of the attachment's names.
    package var fileName: String { "\(network.name):\(containerID):\(interface).json" }
}

/// What a container gets on a network.
package struct OverlayAssignment: Hashable, Sendable {
    package var networkID: String
    /// With the length of the subnet's prefix.
    package var address: IPPrefix
    package var address6: IPPrefix?
    package var gateway: IPAddress
    package var gateway6: IPAddress?
    package var mac: MACAddress
    package var gatewayMAC: MACAddress
    /// The network's devices on this node.
    package var bridge: String
    package var vxlan: String
    /// Bytes.
    package var mtu: UInt32
    package var vni: UInt32
    /// This node's end of the tunnel.
    package var vtep: IPAddress
    package var port: UInt16

    /// `mtu`: what fits into a packet of the underlay.
    package init(_ network: OverlayNetwork, address: IPAddress, mtu: UInt32, vtep: IPAddress, port: UInt16) {
        networkID = network.id
        self.address = IPPrefix(address, length: network.subnet.length) ?? IPPrefix(host: address)
        address6 = network.subnet6.flatMap { subnet in
            network.address6(for: address).flatMap { IPPrefix($0, length: subnet.length) }
        }
        gateway = network.gateway
        gateway6 = network.gateway6
        mac = MACAddress(address)
        gatewayMAC = network.gatewayMAC
        bridge = network.bridgeName
        vxlan = network.vxlanName
        self.mtu = mtu
        vni = network.vni
        self.vtep = vtep
        self.port = port
    }

    package init(_ reader: JSONReader) throws(JSONError) {
        networkID = try reader.required("networkID").string()
        address = try reader.required("address").parsed("an address with a prefix") { IPPrefix($0) }
        address6 = try reader.optional("address6")?.parsed("an address with a prefix") { IPPrefix($0) }
        gateway = try reader.required("gateway").parsed("an address") { IPAddress($0) }
        gateway6 = try reader.optional("gateway6")?.parsed("an address") { IPAddress($0) }
        mac = try reader.required("mac").parsed("a MAC address") { MACAddress($0) }
        gatewayMAC = try reader.required("gatewayMAC").parsed("a MAC address") { MACAddress($0) }
        bridge = try reader.required("bridge").string()
        vxlan = try reader.required("vxlan").string()
        mtu = try reader.required("mtu").uint32()
        vni = try reader.required("vni").uint32()
        vtep = try reader.required("vtep").parsed("an address") { IPAddress($0) }
        port = try reader.required("port").uint16()
    }

    /// As a record and an answer have it.
    package var json: JSONObject {
        var object = JSONObject()
        object.set("networkID", networkID)
        object.set("address", "\(address)")
        object.set("address6", address6.map { "\($0)" })
        object.set("gateway", "\(gateway)")
        object.set("gateway6", gateway6.map { "\($0)" })
        object.set("mac", "\(mac)")
        object.set("gatewayMAC", "\(gatewayMAC)")
        object.set("bridge", bridge)
        object.set("vxlan", vxlan)
        object.set("mtu", mtu)
        object.set("vni", vni)
        object.set("vtep", "\(vtep)")
        object.set("port", port)
        return object
    }
}

extension JSONReader {
    fileprivate func parsed<Value>(_ what: String, _ parse: (String) -> Value?) throws(JSONError) -> Value {
        let text = try string()
        guard let value = parse(text) else { throw notAllowed("'\(text)' is not \(what)") }
        return value
    }
}
