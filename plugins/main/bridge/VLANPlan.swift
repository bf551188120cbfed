import CNIPlugin
import ContainerLink
import JSON
import Netlink

/// Which VLANs a container's port carries. Keys `vlan`, `vlanTrunk` and `preserveDefaultVlan`.
struct VLANPlan: Hashable, Sendable {
    /// The VLAN of packets without a tag; `nil` for the bridge's default.
    let native: UInt16?
    /// VLANs which pass with their tags.
    let trunk: [ClosedRange<UInt16>]
    /// VLAN 1, which every new port has, stays.
    let keepsDefault: Bool

    /// The bridge must tell VLANs apart.
    var isUsed: Bool { native != nil || !trunk.isEmpty }

    init(_ reader: JSONReader) throws(JSONError) {
        native = try Self.native(reader.optional("vlan"))
        var ranges: [ClosedRange<UInt16>] = []
        for element in try reader.optional("vlanTrunk")?.elements() ?? [] {
            ranges.append(try Self.range(element))
        }
        trunk = ranges
        keepsDefault = try reader.flag("preserveDefaultVlan")
    }

    private static func native(_ reader: JSONReader?) throws(JSONError) -> UInt16? {
        guard let reader else { return nil }
        let number = try reader.integer()
        guard (0...4094).contains(number) else {
            throw reader.notAllowed("invalid VLAN ID \(number) (must be between 0 and 4094)")
        }
        return number == 0 ? nil : UInt16(number)
    }

    private static func range(_ reader: JSONReader) throws(JSONError) -> ClosedRange<UInt16> {
        if let one = try reader.optional("id") {
            guard try reader.optional("minID") == nil, try reader.optional("maxID") == nil else {
                throw reader.notAllowed("id and minID, maxID exclude each other")
            }
            let number = try tag(one, "id")
            return number...number
        }
        guard let low = try reader.optional("minID") else {
            throw reader.notAllowed("minID or id is missing")
        }
        guard let high = try reader.optional("maxID") else { throw reader.notAllowed("maxID is missing") }
        let (first, last) = (try tag(low, "minID"), try tag(high, "maxID"))
        guard first <= last else {
            throw reader.notAllowed("minID \(first) is greater than maxID \(last)")
        }
        return first...last
    }

    private static func tag(_ reader: JSONReader, _ name: String) throws(JSONError) -> UInt16 {
        let number = try reader.integer()
        guard (1...4094).contains(number) else {
            throw reader.notAllowed("incorrect trunk \(name) \(number) (must be between 1 and 4094)")
        }
        return UInt16(number)
    }

    /// What makes a new port carry these VLANs.
    func requests(for port: Int32) -> [RouteRequest] {
        guard isUsed else { return [] }
        var requests: [RouteRequest] = []
        // A trunk without a native VLAN leaves packets without a tag in VLAN 1.
        if let native {
            if !keepsDefault && native != 1 { requests.append(.deleteVLANs(1...1, from: port)) }
            requests.append(.addVLANs(native...native, to: port, isUntagged: true, isNative: true))
        }
        for range in trunk { requests.append(.addVLANs(range, to: port)) }
        return requests
    }
}
