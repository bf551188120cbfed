internal import Netlink

/// A device on this node that was made for an overlay network.
package struct MarkedDevice: Hashable, Sendable {
    package let name: String
    /// `bridge` or `vxlan`.
    package let kind: String
    /// The network's id; empty for a device whose maker was ended before it could say.
    package let network: String
}

/// Whose a device is: its alias says it.
enum DeviceMark {
    private static let beginning = "apus overlay "

    /// A link gets its alias a moment after its birth. In between the group it is born in tells that it is ours.
    private static let newborn: UInt32 = 0x6F76_6C79

    /// What a new device is born with.
    static let atBirth = LinkSetting.group(newborn)

    /// What it gets once it is there.
    static func settings(of network: String) -> [LinkSetting] {
        [.alias(beginning + network), .group(0)]
    }

    /// What the device tells about itself; nil for one of somebody else's.
    static func read(_ link: Link) -> MarkedDevice? {
        guard ["bridge", "vxlan"].contains(link.kind) else { return nil }
        let alias = link.alias ?? ""
        if alias.hasPrefix(beginning) {
            let network = String(alias.dropFirst(beginning.count))
            return MarkedDevice(name: link.name, kind: link.kind, network: network)
        }
        guard alias.isEmpty, link.group == newborn else { return nil }
        return MarkedDevice(name: link.name, kind: link.kind, network: "")
    }

    /// Whether the device is the network's, or one whose maker was ended before it could say.
    static func isOwned(_ link: Link, by network: String) -> Bool {
        guard let device = read(link) else { return false }
        return device.network == network || device.network.isEmpty
    }
}
