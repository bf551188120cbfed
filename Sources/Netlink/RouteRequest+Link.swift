extension RouteRequest {
    /// Makes a bridge. `ip link add name NAME type bridge`.
    ///
    /// The kernel answers `EEXIST` when the name is taken, `EOPNOTSUPP` when it cannot filter VLANs.
    /// `snoopsMulticast`: nil for the kernel's choice.
    public static func addBridge(
        _ name: String, _ settings: [LinkSetting] = [], filtersVLANs: Bool = false,
        snoopsMulticast: Bool? = nil
    ) -> RouteRequest {
        let words =
            (filtersVLANs ? " vlan_filtering 1" : "") + (snoopsMulticast == false ? " mcast_snooping 0" : "")
        return add(name, settings, kind: "bridge", words: words) { data in
            if filtersVLANs { data.put(BridgeAttribute.filtersVLANs, UInt8(1)) }
            if let snoopsMulticast {
                data.put(BridgeAttribute.multicastSnooping, UInt8(snoopsMulticast ? 1 : 0))
            }
        }
    }

    /// Makes a pair of links, the second in the network namespace behind a descriptor from its birth.
    /// `ip link add name NAME type veth peer name PEER netns NS`.
    ///
    /// The kernel answers `EEXIST` when one of the names is taken, `ENOTCONN` when `peerSettings` holds `up`.
    /// `namespace`: nil for this one.
    public static func addVeth(
        _ name: String, _ settings: [LinkSetting] = [], peer: String, _ peerSettings: [LinkSetting] = [],
        namespace: Int32? = nil
    ) -> RouteRequest {
        let (set, change) = LinkSetting.flags(peerSettings)
        // A fixed index for the peer may be one the kernel has just freed, and routes by it fail now and then.
        let header = linkHeader(flags: set, change: change)
        return add(name, settings, kind: "veth", words: " peer name \(peer)" + Netlink.words(peerSettings)) {
            data in
            data.nest(LinkInformation.vethPeer, header: header) { message in
                message.put(LinkAttribute.name, peer)
                for setting in peerSettings { setting.put(into: &message) }
                if let namespace { message.put(LinkAttribute.namespaceDescriptor, namespace) }
            }
        }
    }

    /// Changes a link. `ip link set dev LINK SETTINGS`.
    ///
    /// A new name needs the link's index: in a message with two names the kernel looks for the new one, and answers
    /// `ENODEV`. A changed MAC address is refused with `EBUSY` while some kinds of link are up.
    public static func setLink(_ link: LinkID, _ settings: [LinkSetting]) -> RouteRequest {
        let (set, change) = LinkSetting.flags(settings)
        var message = linkMessage(
            RouteType.setLink, [.request, .acknowledge], link, set: set, change: change,
            request: "link set dev \(link)\(words(settings))")
        for setting in settings { setting.put(into: &message) }
        return RouteRequest(message)
    }

    /// Removes a link, and the other end of a veth with it. `ip link delete dev LINK`.
    public static func deleteLink(_ link: LinkID) -> RouteRequest {
        RouteRequest(
            linkMessage(
                RouteType.deleteLink, [.request, .acknowledge], link, request: "link delete dev \(link)"))
    }

    /// Removes all links of a group at once, which costs little more than one. `ip link delete group GROUP`.
    ///
    /// The kernel answers `ENODEV` when the group has none, and refuses group 0, where every link is born.
    public static func deleteLinks(group: UInt32) -> RouteRequest {
        var message = NetlinkMessage(
            RouteType.deleteLink, [.request, .acknowledge], header: linkHeader(),
            request: "link delete group \(group)")
        message.put(LinkAttribute.group, group)
        return RouteRequest(message)
    }

    /// Makes a link of `kind`, of which `data` puts the settings.
    static func add(
        _ name: String, _ settings: [LinkSetting], kind: String, words: String,
        _ data: (inout NetlinkMessage) -> Void
    ) -> RouteRequest {
        let (set, change) = LinkSetting.flags(settings)
        var message = NetlinkMessage(
            RouteType.newLink, [.request, .acknowledge, .create, .exclusive],
            header: linkHeader(flags: set, change: change),
            request: "link add name \(name)\(Netlink.words(settings)) type \(kind)\(words)")
        message.put(LinkAttribute.name, name)
        for setting in settings { setting.put(into: &message) }
        message.nest(LinkAttribute.information) { message in
            message.put(LinkInformation.kind, kind)
            message.nest(LinkInformation.data, data)
        }
        return RouteRequest(message)
    }
}
