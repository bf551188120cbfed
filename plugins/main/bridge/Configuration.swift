import Addressing
import CNIPlugin
import CNISpec
import ContainerLink
import JSON

/// The bridge plugin's own keys. Names and defaults are those of the reference plugin.
struct Configuration: Sendable {
    /// The bridge's name.
    let bridge: String
    /// The bridge gets the gateway's address.
    let isGateway: Bool
    /// The container gets a default route through it.
    let isDefaultGateway: Bool
    /// Another address of the bridge in the gateway's place is replaced.
    let forceAddress: Bool
    /// Traffic to the outside leaves with the host's address.
    let masquerades: Bool
    /// Bytes; `nil` for the uplink's.
    let mtu: UInt32?
    let isHairpin: Bool
    let isPromiscuous: Bool
    let vlans: VLANPlan
    /// Frames from another MAC address than the interface's own are dropped.
    let checksMAC: Bool
    /// Ports of the bridge cannot exchange packets.
    let isPortIsolated: Bool
    /// IPv6 addresses are looked for on the link before they are used.
    let detectsDuplicates: Bool
    /// The container's end stays down.
    let leavesInterfaceDown: Bool
    /// Nothing outside of the bridge and the host is reached, and reaches the container.
    let isInternal: Bool
    /// From outside, only published ports reach the container.
    let isIsolated: Bool
    /// An interface nobody wants another MAC address for gets `02:42` and its IPv4 address.
    let derivesMAC: Bool
    /// GC of a network which has no valid attachment any more takes the bridge, too, unless it has other ports.
    let removesEmptyBridge: Bool
    /// Replaces the address manager's, unless empty.
    let dns: CNIResult.DNS
    let hasIPAM: Bool

    init(_ reader: JSONReader) throws(JSONError) {
        bridge = try Self.name(reader.optional("bridge")) ?? "cni0"
        isDefaultGateway = try reader.flag("isDefaultGateway")
        isGateway = try reader.flag("isGateway") || isDefaultGateway
        forceAddress = try reader.flag("forceAddress")
        masquerades = try reader.flag("ipMasq")
        mtu = try Self.mtu(reader.optional("mtu"))
        isHairpin = try reader.flag("hairpinMode")
        isPromiscuous = try reader.flag("promiscMode")
        vlans = try VLANPlan(reader)
        checksMAC = try reader.flag("macspoofchk")
        isPortIsolated = try reader.flag("portIsolation")
        detectsDuplicates = try reader.flag("enabledad")
        leavesInterfaceDown = try reader.flag("disableContainerInterface")
        isInternal = try reader.flag("internal")
        isIsolated = try reader.flag("isolated")
        derivesMAC = try reader.flag("macFromAddress")
        removesEmptyBridge = try reader.flag("removeEmptyBridge")
        dns = try reader.optional("dns").map { (dns) throws(JSONError) in try CNIResult.DNS(dns) } ?? .init()
        hasIPAM = try !(reader.optional("ipam")?.optional("type")?.string() ?? "").isEmpty
        try refuseContradictions(reader)
    }

    private func refuseContradictions(_ reader: JSONReader) throws(JSONError) {
        if isHairpin && isPromiscuous {
            throw reader.notAllowed("cannot set hairpin mode and promiscuous mode at the same time")
        }
        if leavesInterfaceDown && hasIPAM {
            throw reader.notAllowed("cannot use IPAM when DisableContainerInterface flag is set")
        }
        if isInternal && masquerades {
            throw reader.notAllowed(
                "internal and ipMasq exclude each other: an internal network has no outside")
        }
        // Both names mean the same rules here, which are nftables'.
        if let backend = try reader.optional("ipMasqBackend"),
            try !["", "nftables", "iptables"].contains(backend.string())
        {
            throw backend.notAllowed(
                "unknown ipmasq backend \"\(try backend.string())\" (allowed: nftables, iptables)")
        }
    }

    private static func name(_ reader: JSONReader?) throws(JSONError) -> String? {
        guard let reader, case let name = try reader.string(), !name.isEmpty else { return nil }
        do throws(CNIError) { try Naming.checkInterfaceName(name) } catch {
            throw reader.notAllowed(
                "'\(name)' is not an interface name (1 to 15 bytes without '/', ':' and white space)")
        }
        return name
    }

    /// 0 is what Go programs write for nothing.
    private static func mtu(_ reader: JSONReader?) throws(JSONError) -> UInt32? {
        guard let reader, try reader.integer() != 0 else { return nil }
        return UInt32(try reader.integer(in: 68...65535))
    }
}
