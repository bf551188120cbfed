package import Addressing
package import JSON

/// A network as somebody asks for it. What he does not say is chosen, or is as the store has it already.
package struct NetworkWish: Hashable, Sendable {
    package var name: String
    package var subnet: IPPrefix?
    package var gateway: IPAddress?
    package var subnet6: IPPrefix?
    package var gateway6: IPAddress?
    package var vni: UInt32?
    package var blockLength: Int?
    package var mtu: UInt32?
    package var isInternal = false
    package var isAttachable = false
    package var labels: [String: String] = [:]

    package init(name: String) { self.name = name }

    /// The members of a record, a call or a key of the store.
    package init(_ reader: JSONReader) throws(JSONError) {
        let name = try reader.required("name")
        self.name = try name.string()
        guard Self.isName(self.name) else {
            throw name.notAllowed("'\(self.name)' is not the name of a network")
        }
        subnet = try reader.prefix("subnet", .v4)
        gateway = try reader.address("gateway", .v4)
        subnet6 = try reader.prefix("subnet6", .v6)
        gateway6 = try reader.address("gateway6", .v6)
        vni = try reader.optional("vni").map { (vni) throws(JSONError) in
            UInt32(try vni.integer(in: 1...16_777_215))
        }
        blockLength = try reader.optional("blockSize").map { (size) throws(JSONError) in
            Int(try size.integer(in: 16...30))
        }
        mtu = try reader.optional("mtu").map { (mtu) throws(JSONError) in
            UInt32(try mtu.integer(in: 576...65_485))
        }
        isInternal = try reader.optional("internal")?.boolean() ?? false
        isAttachable = try reader.optional("attachable")?.boolean() ?? false
        labels = try reader.optional("labels")?.stringMap() ?? [:]
        try check(reader)
    }

    private func check(_ reader: JSONReader) throws(JSONError) {
        if let subnet, !(8...29).contains(subnet.length) {
            throw try reader.required("subnet").notAllowed(
                "\(subnet) has a prefix of \(subnet.length) bits; 8 to 29 are possible")
        }
        if let subnet6, subnet6.length > 96 {
            throw try reader.required("subnet6").notAllowed(
                "\(subnet6) is too small: an IPv6 subnet has a prefix of at most 96 bits")
        }
        if subnet6 != nil, let mtu, mtu < 1280 {
            throw try reader.required("mtu").notAllowed(
                "\(mtu) is too small for IPv6, which needs 1280 or more")
        }
        if let subnet, let blockLength, blockLength < subnet.length {
            throw try reader.required("blockSize").notAllowed(
                "a block of /\(blockLength) is larger than \(subnet)")
        }
        if let gateway {
            guard let subnet else { throw try reader.required("gateway").notAllowed("there is no subnet") }
            guard subnet.contains(gateway), gateway != subnet.first, gateway != subnet.last else {
                throw try reader.required("gateway").notAllowed("\(gateway) is no address of \(subnet)")
            }
        }
        if let gateway6 {
            guard let subnet6, subnet6.contains(gateway6) else {
                throw try reader.required("gateway6").notAllowed(
                    "\(gateway6) is no address of the IPv6 subnet")
            }
        }
    }

    /// A name becomes part of a key and of a path.
    static func isName(_ text: String) -> Bool {
        let bytes = text.utf8
        return (1...128).contains(bytes.count) && text != "." && text != ".."
            && bytes.allSatisfy {
                $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":")
            }
    }

    /// Where subnets are from which nobody chose. Docker's "global" pool, in /24.
    package static let pool = "10.0.0.0/8"

    /// The first /24 of the pool which overlaps none of `taken`.
    package static func freeSubnet(avoiding taken: [IPPrefix]) -> IPPrefix? {
        guard let pool = IPPrefix(pool) else { return nil }
        let taken = taken.filter(pool.overlaps)
        var start = pool.first
        while pool.contains(start), let subnet = IPPrefix(start, length: 24) {
            guard let obstacle = taken.first(where: subnet.overlaps) else { return subnet }
            guard let next = max(obstacle.last, subnet.last).advanced(by: 1) else { return nil }
            start = next
        }
        return nil
    }

    /// What of the wish a network that is there does not have, in words; nil when it will do.
    package func conflict(with network: OverlayNetwork) -> String? {
        func differs<Value: Hashable>(_ wanted: Value?, _ has: Value?) -> Bool {
            wanted != nil && wanted != has
        }
        let differences: [(String, Bool, String)] = [
            ("subnet", differs(subnet, network.subnet), "\(network.subnet)"),
            ("gateway", differs(gateway, network.gateway), "\(network.gateway)"),
            ("subnet6", differs(subnet6, network.subnet6), network.subnet6.map { "\($0)" } ?? "none"),
            ("gateway6", differs(gateway6, network.gateway6), network.gateway6.map { "\($0)" } ?? "none"),
            ("vni", differs(vni, network.vni), "\(network.vni)"),
            ("blockSize", differs(blockLength, network.blockLength), "\(network.blockLength)"),
            ("mtu", differs(mtu, network.mtu), network.mtu.map { "\($0)" } ?? "each node's own"),
        ]
        guard let first = differences.first(where: \.1) else { return nil }
        return "the cluster has network \(name) with \(first.0) \(first.2)"
    }

    /// The members, as a record or a call has them.
    package var json: JSONObject {
        var object = JSONObject()
        object.set("name", name)
        object.set("subnet", subnet.map { "\($0)" })
        object.set("gateway", gateway.map { "\($0)" })
        object.set("subnet6", subnet6.map { "\($0)" })
        object.set("gateway6", gateway6.map { "\($0)" })
        object.set("vni", vni)
        object.set("blockSize", blockLength)
        object.set("mtu", mtu)
        object.set("internal", isInternal ? true : nil)
        object.set("attachable", isAttachable ? true : nil)
        if !labels.isEmpty { object.set("labels", labels) }
        return object
    }
}

extension JSONReader {
    /// The member `name`, a network of the family without host bits.
    func prefix(_ name: String, _ family: IPAddress.Family) throws(JSONError) -> IPPrefix? {
        guard let member = try optional(name) else { return nil }
        let text = try member.string()
        guard let prefix = IPPrefix(text), prefix.family == family else {
            throw member.notAllowed("'\(text)' is not an \(family == .v4 ? "IPv4" : "IPv6") subnet")
        }
        guard prefix == prefix.network else {
            throw member.notAllowed("\(prefix) has host bits set; the network is \(prefix.network)")
        }
        return prefix
    }

    /// The member `name`, an address of the family.
    func address(_ name: String, _ family: IPAddress.Family) throws(JSONError) -> IPAddress? {
        guard let member = try optional(name) else { return nil }
        let text = try member.string()
        guard let address = IPAddress(text), address.family == family else {
            throw member.notAllowed("'\(text)' is not an \(family == .v4 ? "IPv4" : "IPv6") address")
        }
        return address
    }
}
