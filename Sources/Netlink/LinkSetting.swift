public import Addressing

/// One setting of a link, as `ip link set` and `ip link add` take it.
public enum LinkSetting: Hashable, Sendable {
    /// The peer of a new veth cannot be born up: the kernel answers `ENOTCONN`.
    case up
    case down
    /// A new name; at most 15 bytes.
    case name(String)
    case mac(MACAddress)
    /// Bytes of the largest packet.
    case mtu(UInt32)
    /// Makes it a port of the bridge or bond with this index.
    case master(Int32)
    case promiscuous(Bool)
    case allMulticast(Bool)
    case transmitQueueLength(UInt32)
    /// Free text of at most 255 bytes; empty takes it away. Not for a new link.
    case alias(String)
    case group(UInt32)
    /// Moves it to the network namespace behind a descriptor.
    case namespace(descriptor: Int32)
}

extension LinkSetting {
    /// The flag it sets or clears.
    private var flag: (Link.Flags, isSet: Bool)? {
        switch self {
        case .up: (.up, true)
        case .down: (.up, false)
        case .promiscuous(let isSet): (.promiscuous, isSet)
        case .allMulticast(let isSet): (.allMulticast, isSet)
        default: nil
        }
    }

    /// The flags which the settings set, and those they change.
    static func flags(_ settings: [LinkSetting]) -> (set: Link.Flags, change: Link.Flags) {
        var (set, change): (Link.Flags, Link.Flags) = ([], [])
        for case (let flag, let isSet)? in settings.map(\.flag) {
            change.insert(flag)
            if isSet { set.insert(flag) }
        }
        return (set, change)
    }

    /// Adds the attribute, where the setting is one.
    func put(into message: inout NetlinkMessage) {
        switch self {
        case .up, .down, .promiscuous, .allMulticast: break
        case .name(let name): message.put(LinkAttribute.name, name)
        case .mac(let mac): message.put(LinkAttribute.address, mac.octets)
        case .mtu(let mtu): message.put(LinkAttribute.mtu, mtu)
        case .master(let index): message.put(LinkAttribute.master, index)
        case .transmitQueueLength(let length): message.put(LinkAttribute.transmitQueueLength, length)
        case .alias(let text): message.put(LinkAttribute.alias, Array(text.utf8))
        case .group(let group): message.put(LinkAttribute.group, group)
        case .namespace(let descriptor): message.put(LinkAttribute.namespaceDescriptor, descriptor)
        }
    }
}

extension LinkSetting: CustomStringConvertible {
    /// The words of ip-link(8).
    public var description: String {
        switch self {
        case .up: "up"
        case .down: "down"
        case .name(let name): "name \(name)"
        case .mac(let mac): "address \(mac)"
        case .mtu(let mtu): "mtu \(mtu)"
        case .master(let index): "master \(index)"
        case .promiscuous(let isSet): "promisc \(isSet ? "on" : "off")"
        case .allMulticast(let isSet): "allmulticast \(isSet ? "on" : "off")"
        case .transmitQueueLength(let length): "txqueuelen \(length)"
        case .alias(let text): "alias \(text)"
        case .group(let group): "group \(group)"
        case .namespace: "netns"
        }
    }
}

/// `" mtu 1500 up"`: the settings in a command.
func words(_ settings: [LinkSetting]) -> String { settings.map { " \($0)" }.joined() }
