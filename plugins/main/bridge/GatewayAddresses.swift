import Addressing
import CNIPlugin
import CNISpec
import ContainerLink
import Kernel
import Netlink

/// The gateway's addresses on the bridge, or on the link that stands for it in a VLAN.
struct GatewayAddresses {
    let link: Link
    /// An address which is in the way is replaced.
    let forces: Bool

    /// Gives the link what it has not got, and lets the host forward.
    func ensure(_ wanted: [IPPrefix], _ socket: borrowing RouteSocket) throws(CNIError) {
        guard !wanted.isEmpty else { return }
        let present = try routing { () throws(NetlinkError) in try socket.addresses(of: link.index) }
        for prefix in wanted where !present.contains(where: { $0.prefix == prefix }) {
            try makeRoom(for: prefix, present.map(\.prefix), socket)
            try add(prefix, socket)
        }
        for family in Set(wanted.map(\.family)) { try Self.forward(family) }
    }

    private func makeRoom(
        for prefix: IPPrefix, _ present: [IPPrefix], _ socket: borrowing RouteSocket
    ) throws(CNIError) {
        for other in present where Self.excludes(other, prefix) {
            guard forces else {
                throw CNIError(
                    .invalidConfiguration,
                    "\"\(link.name)\" already has an IP address different from \(prefix)",
                    details: "it has \(other): delete it, or set forceAddress to true")
            }
            try routing { () throws(NetlinkError) in
                try socket.perform(.deleteAddress(other, from: link.index))
            }
        }
    }

    /// An IPv4 address excludes any other; of IPv6, which has many, one in the same network.
    private static func excludes(_ other: IPPrefix, _ wanted: IPPrefix) -> Bool {
        guard other.family == wanted.family else { return false }
        return other.family == .v4 || (!other.address.isLinkLocal && other.overlaps(wanted))
    }

    private func add(_ prefix: IPPrefix, _ socket: borrowing RouteSocket) throws(CNIError) {
        // The gateway must answer at once: nobody else is to have its address.
        let flags: InterfaceAddress.Flags = prefix.family == .v6 ? .noDuplicateDetection : []
        do throws(NetlinkError) {
            try socket.perform(.addAddress(InterfaceAddress(prefix, flags: flags), to: link.index))
        } catch {
            // Another ADD was faster.
            if error.errno != .exists { throw CNIError(.ioFailure, "\(error)") }
        }
    }

    private static func forward(_ family: IPAddress.Family) throws(CNIError) {
        switch family {
        case .v4: try NetworkSetting("ipv4/ip_forward").ensure("1")
        case .v6: try NetworkSetting("ipv6", "all", "forwarding").ensure("1")
        }
    }
}
