public import Addressing

/// What makes a link a VXLAN: a tunnel of Ethernet frames in UDP packets. RFC 7348; ip-link(8), `VXLAN Type Support`.
public struct VXLAN: Hashable, Sendable {
    /// The number of the network in the packets, of 24 bits.
    public var id: UInt32
    /// Where packets come from, of the family the other hosts have; nil leaves it to the routes.
    public var local: IPAddress?
    /// The UDP port of all hosts.
    public var port: UInt16
    /// Where frames to unknown addresses go, a host or a multicast group; nil drops them.
    public var remote: IPAddress?
    /// Takes the hosts behind addresses from the packets that come.
    public var learns = false
    /// Answers ARP and neighbour solicitation out of the link's own neighbours, and sends none.
    public var isProxy = false
    /// Tells listeners of addresses it does not know. `l2miss`, `l3miss`.
    public var reportsMisses = false
    /// The outer UDP header has a checksum.
    public var hasChecksums = true
    /// Host and number come with each packet instead, from routes or programs. `external`.
    public var isExternal = false

    public init(id: UInt32, local: IPAddress? = nil, port: UInt16 = 4789) {
        self.id = id
        self.local = local
        self.port = port
    }
}

extension RouteRequest {
    /// Makes a VXLAN. `ip link add name NAME type vxlan id ID`.
    ///
    /// The kernel answers `EEXIST` when the name is taken, and when another link has the number and the port.
    public static func addVXLAN(
        _ name: String, _ tunnel: VXLAN, _ settings: [LinkSetting] = []
    ) -> RouteRequest {
        add(name, settings, kind: "vxlan", words: tunnel.words) { data in tunnel.put(into: &data) }
    }
}

extension VXLAN {
    /// The words of ip-link(8).
    fileprivate var words: String {
        let addresses = (local.map { " local \($0)" } ?? "") + (remote.map { " remote \($0)" } ?? "")
        let switches = [
            learns ? "" : " nolearning", isProxy ? " proxy" : "", reportsMisses ? " l2miss l3miss" : "",
            hasChecksums ? "" : " noudpcsum", isExternal ? " external" : "",
        ]
        return " id \(id) dstport \(port)" + addresses + switches.joined()
    }

    /// Every setting is said: the kernel's defaults changed over the years.
    fileprivate func put(into data: inout NetlinkMessage) {
        func put(_ attribute: UInt16, _ isSet: Bool) { data.put(attribute, UInt8(isSet ? 1 : 0)) }
        if isExternal { put(VXLANAttribute.metadata, true) } else { data.put(VXLANAttribute.id, id) }
        if let local {
            data.put(local.family == .v4 ? VXLANAttribute.local : VXLANAttribute.local6, local.octets)
        }
        if let remote {
            data.put(remote.family == .v4 ? VXLANAttribute.group : VXLANAttribute.group6, remote.octets)
        }
        // In the order of the network, which the other numbers are not in.
        data.put(VXLANAttribute.port, port.bigEndian)
        put(VXLANAttribute.learning, learns)
        put(VXLANAttribute.proxy, isProxy)
        put(VXLANAttribute.linkMisses, reportsMisses)
        put(VXLANAttribute.addressMisses, reportsMisses)
        put(VXLANAttribute.checksums, hasChecksums)
        put(VXLANAttribute.noChecksums6, !hasChecksums)
    }

    /// Reads `IFLA_INFO_DATA` of a VXLAN.
    init(_ data: NetlinkAttributes) {
        func isSet(_ attribute: UInt16) -> Bool { data.number(attribute, as: UInt8.self) == 1 }
        func address(_ attributes: UInt16...) -> IPAddress? {
            attributes.lazy.compactMap { data[$0].flatMap { IPAddress(octets: $0) } }.first {
                !$0.isUnspecified
            }
        }
        id = data.number(VXLANAttribute.id, as: UInt32.self) ?? 0
        local = address(VXLANAttribute.local, VXLANAttribute.local6)
        port = UInt16(bigEndian: data.number(VXLANAttribute.port, as: UInt16.self) ?? 0)
        remote = address(VXLANAttribute.group, VXLANAttribute.group6)
        learns = isSet(VXLANAttribute.learning)
        isProxy = isSet(VXLANAttribute.proxy)
        reportsMisses = isSet(VXLANAttribute.linkMisses) || isSet(VXLANAttribute.addressMisses)
        let is6 = local?.family == .v6 || remote?.family == .v6
        hasChecksums = is6 ? !isSet(VXLANAttribute.noChecksums6) : isSet(VXLANAttribute.checksums)
        isExternal = isSet(VXLANAttribute.metadata)
    }
}
