extension RouteRequest {
    /// One setting of a bridge's port, as `bridge link set` takes it.
    public enum PortSetting: Hashable, Sendable {
        /// A packet may leave by the port it came in by.
        case hairpin(Bool)
        /// Exchanges packets only with ports which are not isolated.
        case isolated(Bool)
        /// Drops BPDUs by going down.
        case guarded(Bool)
        case learning(Bool)
        case floodsUnicast(Bool)
        case floodsMulticast(Bool)
        /// Packets of the bridge itself go out all the same.
        case floodsBroadcast(Bool)

        /// The attribute, its value, and its name in bridge(8).
        fileprivate var parts: (attribute: UInt16, isSet: Bool, word: String) {
            switch self {
            case .hairpin(let isSet): (PortAttribute.hairpin, isSet, "hairpin")
            case .isolated(let isSet): (PortAttribute.isolated, isSet, "isolated")
            case .guarded(let isSet): (PortAttribute.guarded, isSet, "guard")
            case .learning(let isSet): (PortAttribute.learning, isSet, "learning")
            case .floodsUnicast(let isSet): (PortAttribute.floodsUnicast, isSet, "flood")
            case .floodsMulticast(let isSet): (PortAttribute.floodsMulticast, isSet, "mcast_flood")
            case .floodsBroadcast(let isSet): (PortAttribute.floodsBroadcast, isSet, "bcast_flood")
            }
        }
    }

    /// Changes a port of a bridge. `ip link set dev PORT type bridge_slave SETTINGS`.
    ///
    /// The kernel answers `EOPNOTSUPP` when the link is not a port.
    public static func setPort(_ port: LinkID, _ settings: [PortSetting]) -> RouteRequest {
        let parts = settings.map(\.parts)
        let words = parts.map { " \($0.word) \($0.isSet ? "on" : "off")" }.joined()
        var message = linkMessage(
            RouteType.newLink, [.request, .acknowledge], port,
            request: "link set dev \(port) type bridge_slave\(words)")
        message.nest(LinkAttribute.information) { message in
            message.put(LinkInformation.portKind, "bridge")
            message.nest(LinkInformation.portData) { data in
                for part in parts { data.put(part.attribute, UInt8(part.isSet ? 1 : 0)) }
            }
        }
        return RouteRequest(message)
    }

    /// Has a bridge send multicast everywhere, or only where somebody asked for it.
    /// `ip link set dev BRIDGE type bridge mcast_snooping 0`.
    public static func setMulticastSnooping(_ isOn: Bool, of bridge: LinkID) -> RouteRequest {
        var message = linkMessage(
            RouteType.newLink, [.request, .acknowledge], bridge,
            request: "link set dev \(bridge) type bridge mcast_snooping \(isOn ? 1 : 0)")
        message.nest(LinkAttribute.information) { message in
            message.put(LinkInformation.kind, "bridge")
            message.nest(LinkInformation.data) { data in
                data.put(BridgeAttribute.multicastSnooping, UInt8(isOn ? 1 : 0))
            }
        }
        return RouteRequest(message)
    }

    /// Lets the VLANs `range` pass a port of a bridge, or the bridge itself. `bridge vlan add`.
    ///
    /// `isUntagged`: packets leave without a tag; `isNative`: packets without a tag are of this VLAN (one only).
    /// The kernel answers `EOPNOTSUPP` when it was built without VLAN filtering.
    public static func addVLANs(
        _ range: ClosedRange<UInt16>, to port: Int32, isUntagged: Bool = false, isNative: Bool = false,
        isBridgeItself: Bool = false
    ) -> RouteRequest {
        let words = (isNative ? " pvid" : "") + (isUntagged ? " untagged" : "")
        return vlans(
            RouteType.setLink, range, port, flags: (isNative ? 2 : 0) | (isUntagged ? 4 : 0), isBridgeItself,
            request: "vlan add dev \(port) vid \(text(range))\(words)")
    }

    /// Stops the VLANs `range` at a port of a bridge, or the bridge itself. `bridge vlan delete`.
    public static func deleteVLANs(
        _ range: ClosedRange<UInt16>, from port: Int32, isBridgeItself: Bool = false
    ) -> RouteRequest {
        vlans(
            RouteType.deleteLink, range, port, flags: 0, isBridgeItself,
            request: "vlan delete dev \(port) vid \(text(range))")
    }

    private static func vlans(
        _ type: UInt16, _ range: ClosedRange<UInt16>, _ port: Int32, flags: UInt16, _ isBridgeItself: Bool,
        request: String
    ) -> RouteRequest {
        var message = linkMessage(
            type, [.request, .acknowledge], .index(port), family: Family.bridge, request: request)
        message.nest(LinkAttribute.familySettings) { message in
            if isBridgeItself { message.put(VLANAttribute.flags, VLANAttribute.itself) }
            if range.count == 1 {
                message.put(VLANAttribute.information, vlan(range.lowerBound, flags))
            } else {
                message.put(VLANAttribute.information, vlan(range.lowerBound, flags | 8))
                message.put(VLANAttribute.information, vlan(range.upperBound, flags | 16))
            }
        }
        return RouteRequest(message)
    }

    private static func text(_ range: ClosedRange<UInt16>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }

    /// C: `struct bridge_vlan_info`.
    private static func vlan(_ number: UInt16, _ flags: UInt16) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(number: flags)
        bytes.append(number: number)
        return bytes
    }
}

/// A VLAN which may pass a port of a bridge. bridge(8), `bridge vlan show`.
public struct PortVLAN: Hashable, Sendable {
    public let number: UInt16
    /// Packets without a tag are of this VLAN. bridge(8): `PVID`.
    public let isNative: Bool
    /// Packets leave without a tag. bridge(8): `Egress Untagged`.
    public let isUntagged: Bool
}

extension RouteSocket {
    /// The VLANs which may pass a port of a bridge, or a bridge itself; none where VLANs are not filtered.
    /// `bridge vlan show dev PORT`.
    public borrowing func vlans(of port: Int32) throws(NetlinkError) -> [PortVLAN] {
        var message = NetlinkMessage(
            RouteType.getLink, [.request, .dump], header: linkHeader(family: Family.bridge),
            request: "vlan show")
        message.put(LinkAttribute.extensions, LinkAttribute.portVLANs)
        let answers = try socket.exchange(message).filter {
            $0.body.dropFirst(4).number(as: Int32.self) == port
        }
        return answers.flatMap { answer in
            answer.attributes(after: 16).nested(LinkAttribute.familySettings)
                .filter { $0.type == VLANAttribute.information }
                .map { PortVLAN($0.value) }
        }
    }
}

extension PortVLAN {
    /// Reads `struct bridge_vlan_info`.
    init(_ bytes: ArraySlice<UInt8>) {
        let flags = bytes.number(as: UInt16.self)
        number = bytes.dropFirst(2).number(as: UInt16.self)
        isNative = flags & 2 != 0
        isUntagged = flags & 4 != 0
    }
}

/// What is nested in ``LinkAttribute/familySettings`` for `AF_BRIDGE`. C: `IFLA_BRIDGE_*`.
private enum VLANAttribute {
    static let flags: UInt16 = 0
    static let information: UInt16 = 2
    /// C: `BRIDGE_FLAGS_SELF`.
    static let itself: UInt16 = 2
}
