internal import Addressing
internal import Kernel
package import Netlink

extension NodeDevices {
    /// Makes the tables of a VXLAN exactly `wanted`, and tells how many entries of the kernel's that took.
    ///
    /// What is right stays untouched: traffic goes on. Of two for one address the first counts.
    /// - Throws: ``NetlinkError`` of the first change which failed, after all others; `ENODEV` without the device.
    package static func reconcile(
        _ wanted: [TableEntry], vxlan: String
    ) throws(NetlinkError) -> (added: Int, removed: Int) {
        let socket = try RouteSocket()
        let link = try tunnel(vxlan, socket)
        let wanted = KernelTable(wanted, link: link.index)
        // Groups the kernel itself has sent to are in the list, too.
        let neighbours = try socket.neighbours(of: link.index).filter { $0.mac?.isMulticast != true }
        // What the bridge knows of the link's own address is the bridge's.
        let forwarding = try socket.forwardingEntries(of: link.index).filter {
            $0.isOwn || $0.mac != link.mac
        }
        let changes = wanted.changes(Set(neighbours), Set(forwarding))
        try perform(changes.additions, changes.deletions, socket)
        return (changes.additions.count, changes.deletions.count)
    }

    /// Adds and removes entries of a VXLAN's tables in one go; what is there or gone already is no failure.
    ///
    /// All addresses of a container come together: what is known of its MAC address goes with the first.
    /// - Throws: ``NetlinkError`` of the first change which failed, after all others; `ENODEV` without the device.
    package static func apply(
        add: [TableEntry], remove: [TableEntry], vxlan: String
    ) throws(NetlinkError) {
        let socket = try RouteSocket()
        let link = try tunnel(vxlan, socket).index
        let additions = KernelTable(add, link: link)
        let deletions = KernelTable(remove, link: link)
        try perform(additions.additions, deletions.deletions(but: additions), socket)
    }

    private static func tunnel(_ name: String, _ socket: borrowing RouteSocket) throws(NetlinkError) -> Link {
        let link = try socket.link(.name(name))
        guard DeviceMark.read(link) != nil, link.kind == "vxlan" else {
            throw NetlinkError(
                request: "link show \(name)", errno: .noDevice, text: "it is no VXLAN of an overlay network")
        }
        return link
    }

    /// Additions come first: an entry that changes is never missing.
    private static func perform(
        _ additions: [RouteRequest], _ deletions: [RouteRequest], _ socket: borrowing RouteSocket
    ) throws(NetlinkError) {
        try socket.perform(additions + deletions, ignoring: .noEntity)
    }
}

/// What the kernel is to know of containers on other nodes: for each address its MAC address, for each MAC address the
/// node, and that it is behind the VXLAN.
private struct KernelTable {
    private let link: Int32
    private var macs: [IPAddress: MACAddress] = [:]
    private var hosts: [MACAddress: IPAddress] = [:]

    init(_ entries: [TableEntry], link: Int32) {
        self.link = link
        macs = Dictionary(entries.map { ($0.address, $0.mac) }) { first, _ in first }
        hosts = Dictionary(entries.map { ($0.mac, $0.host) }) { first, _ in first }
    }

    private func neighbour(_ address: IPAddress, _ mac: MACAddress) -> Neighbour {
        Neighbour(address, mac, link: link)
    }

    /// Behind which node the MAC address is.
    private func tunnelEntry(_ mac: MACAddress, _ host: IPAddress) -> ForwardingEntry {
        ForwardingEntry(mac, link: link, host: host, isOwn: true)
    }

    /// Behind which port of the bridge it is, so that nobody at another port can take it over.
    private func bridgeEntry(_ mac: MACAddress) -> ForwardingEntry {
        ForwardingEntry(mac, link: link, isSticky: true)
    }

    /// The way first, then the address that leads there.
    var additions: [RouteRequest] { additions(besides: [], []) }

    private func additions(
        besides neighbours: Set<Neighbour>, _ forwarding: Set<ForwardingEntry>
    ) -> [RouteRequest] {
        let ways = hosts.flatMap { [tunnelEntry($0, $1), bridgeEntry($0)] }.filter {
            !forwarding.contains($0)
        }
        let addresses = macs.map(neighbour).filter { !neighbours.contains($0) }
        return ways.map { .replaceForwardingEntry($0) } + addresses.map { .replaceNeighbour($0) }
    }

    /// Takes everything away, except what `others` want under the same address or MAC address.
    func deletions(but others: KernelTable) -> [RouteRequest] {
        let addresses = macs.keys.filter { others.macs[$0] == nil }
        let ways = hosts.filter { others.hosts[$0.key] != $0.value }.map { tunnelEntry($0.key, $0.value) }
        let ports = hosts.keys.filter { others.hosts[$0] == nil }.map(bridgeEntry)
        return addresses.map { .deleteNeighbour($0, link: link) }
            + (ways + ports).map { .deleteForwardingEntry($0) }
    }

    /// What turns the kernel's tables into this one.
    func changes(
        _ neighbours: Set<Neighbour>, _ forwarding: Set<ForwardingEntry>
    ) -> (additions: [RouteRequest], deletions: [RouteRequest]) {
        let addresses = neighbours.filter { macs[$0.address] == nil }
        // Only what replaces nothing is deleted: an entry at the bridge is replaced by its MAC address alone.
        let ways = forwarding.filter { entry in
            guard let host = hosts[entry.mac] else { return true }
            return entry.isOwn && entry.host != host
        }
        return (
            additions(besides: neighbours, forwarding),
            addresses.map { .deleteNeighbour($0.address, link: link) }
                + ways.map { .deleteForwardingEntry($0) }
        )
    }
}
