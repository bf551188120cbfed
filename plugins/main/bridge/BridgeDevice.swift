import Addressing
import CNIPlugin
import CNISpec
import ContainerLink
import Kernel
import Netlink

/// The bridge itself: shared by all containers of the network, made by the first, and kept when the last has gone.
struct BridgeDevice {
    let configuration: Configuration

    /// The bridge, made and set up where it is missing. One that exists keeps what others have set.
    func ensure(_ socket: borrowing RouteSocket) throws(CNIError) -> Link {
        let present = try routing { () throws(NetlinkError) in
            try socket.linkIfPresent(.name(configuration.bridge))
        }
        let bridge: Link
        if let present { bridge = present } else { bridge = try make(socket) }
        guard bridge.kind == "bridge" else {
            throw CNIError(
                .invalidConfiguration, "\"\(bridge.name)\" already exists but is not a bridge",
                details:
                    "bridge is \"\(bridge.name)\"; a \(bridge.kind.isEmpty ? "device" : bridge.kind) has this name"
            )
        }
        if configuration.vlans.isUsed, bridge.bridge?.filtersVLANs == false {
            throw CNIError(
                .invalidConfiguration, "bridge \"\(bridge.name)\" does not filter VLANs",
                details:
                    "vlan and vlanTrunk need a bridge made with vlan_filtering 1: delete it, or name another")
        }
        var missing: [LinkSetting] = []
        if !bridge.isUp { missing.append(.up) }
        if configuration.isPromiscuous, !bridge.flags.contains(.promiscuous) {
            missing.append(.promiscuous(true))
        }
        if !missing.isEmpty {
            try routing { () throws(NetlinkError) in
                try socket.perform(.setLink(.index(bridge.index), missing))
            }
        }
        return bridge
    }

    private func make(_ socket: borrowing RouteSocket) throws(CNIError) -> Link {
        // A MAC address of its own from birth: else it changes with the ports, and neighbours lose the gateway.
        var settings: [LinkSetting] = [.mac(.random())]
        if let mtu = configuration.mtu {
            settings.append(.mtu(mtu))
        } else if let mtu = try uplinkMTU(socket) {
            settings.append(.mtu(mtu))
        }
        do throws(NetlinkError) {
            try socket.perform(
                .addBridge(configuration.bridge, settings, filtersVLANs: configuration.vlans.isUsed))
        } catch {
            if error.errno == .notSupported, configuration.vlans.isUsed {
                throw CNIError(
                    .unsupportedField, "this kernel cannot filter VLANs",
                    details: "vlan or vlanTrunk is set; it needs CONFIG_BRIDGE_VLAN_FILTERING")
            }
            // Somebody was faster: then it is his.
            if error.errno != .exists { throw CNIError(.ioFailure, "\(error)") }
        }
        let made = try routing { () throws(NetlinkError) in try socket.link(.name(configuration.bridge)) }
        // Router advertisements from a container are not to change the host's routes (CVE-2020-10749).
        try NetworkSetting("ipv6", made.name, "accept_ra").set("0")
        // Until its link-local address is proved the host asks for no neighbour here: a container would be out of
        // reach for up to two seconds. There is nobody yet who could have the address.
        try NetworkSetting("ipv6", made.name, "accept_dad").set("0")
        return made
    }

    /// What the default route's link can carry, where that is not what every link can.
    private func uplinkMTU(_ socket: borrowing RouteSocket) throws(CNIError) -> UInt32? {
        try routing { () throws(NetlinkError) in
            guard let index = try socket.defaultRoute()?.link else { return nil }
            return try socket.linkIfPresent(.index(index)).map(\.mtu)
        }
    }
}

extension MACAddress {
    /// An address nobody has been given by a registry. IEEE 802: locally administered, unicast.
    static func random() -> MACAddress {
        var octets = (0..<6).map { _ in UInt8.random(in: 0...255) }
        octets[0] = octets[0] & 0xFC | 0x02
        guard let address = MACAddress(octets: octets) else { fatalError("six octets are a MAC address") }
        return address
    }
}
