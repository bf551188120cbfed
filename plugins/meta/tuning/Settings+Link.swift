import Addressing
import CNIPlugin
import CNISpec
import Kernel
import Netlink

// What is done inside the container's network namespace.
extension Settings {
    /// Sets everything.
    func apply(to interface: String) throws(CNIError) {
        for sysctl in sysctls { try sysctl.write(interface: interface) }
        let changes = linkSettings
        if changes.isEmpty { return }
        try netlink { socket throws(NetlinkError) in
            try socket.perform(.setLink(.name(interface), changes))
        }
    }

    /// Tells the neighbours of a new MAC address; they would find out by themselves, later.
    func announce(_ addresses: [CNIResult.Address], interface: String) {
        guard let mac, !addresses.isEmpty else { return }
        do throws(CNIError) {
            let link = try netlink { socket throws(NetlinkError) in try socket.link(.name(interface)) }
            guard link.isUp else { return }
            for entry in addresses {
                try system { () throws(SystemError) in
                    try Announcement(entry.address.address, at: mac).send(link: link.index)
                }
            }
        } catch {
            note(
                "\(Tuning.name): the neighbours of \(interface) are not told of its new MAC address: \(error)"
            )
        }
    }

    /// Checks the interface; `final` is what the whole chain of plugins left it as.
    func check(_ interface: String, _ final: CNIResult.Interface?) throws(CNIError) {
        let link = try netlink { socket throws(NetlinkError) in try socket.linkIfPresent(.name(interface)) }
        guard let link else { throw CNIError(.pluginSpecific, "interface \(interface) is missing") }
        func compare<Value: Equatable>(_ name: String, _ found: Value, _ wanted: Value?) throws(CNIError) {
            guard let wanted, found != wanted else { return }
            throw CNIError(
                .pluginSpecific, "interface \(interface): \(name) is \(found) instead of \(wanted)")
        }
        let laterMAC = (final?.mac).flatMap { MACAddress($0) }
        try compare("mac", link.mac?.description ?? "unknown", mac.map { "\(laterMAC ?? $0)" })
        try compare("mtu", link.mtu, mtu.map { final?.mtu ?? $0 })
        try compare("promisc", link.flags.contains(.promiscuous), promiscuous)
        try compare("allmulti", link.flags.contains(.allMulticast), allMulticast)
        try compare("txQLen", link.transmitQueueLength, queueLength)
    }
}
