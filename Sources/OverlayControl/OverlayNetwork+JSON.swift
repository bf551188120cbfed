internal import Addressing
package import JSON

extension OverlayNetwork {
    /// What the store has under the network's key. Somebody else may have written it.
    package init(_ reader: JSONReader) throws(JSONError) {
        let wish = try NetworkWish(reader)
        let id = try reader.required("id")
        let number = try id.string()
        guard number.utf8.count == 64, number.utf8.allSatisfy(isHexadecimal) else {
            throw id.notAllowed("'\(number)' is not the ID of a network (64 hexadecimal digits)")
        }
        guard let subnet = wish.subnet else { throw try reader.required("subnet").notAllowed("it is empty") }
        guard let vni = wish.vni else { throw try reader.required("vni").notAllowed("it is empty") }
        self.init(
            id: number, name: wish.name, wish: wish, subnet: subnet, vni: vni,
            created: try reader.optional("created")?.string() ?? "")
    }

    /// What the store has under the network's key.
    package var json: JSONValue {
        var object = JSONObject()
        object.set("id", id)
        object.set("name", name)
        object.set("subnet", "\(subnet)")
        object.set("gateway", "\(gateway)")
        object.set("subnet6", subnet6.map { "\($0)" })
        object.set("gateway6", gateway6.map { "\($0)" })
        object.set("vni", vni)
        object.set("blockSize", blockLength)
        object.set("mtu", mtu)
        object.set("internal", isInternal ? true : nil)
        object.set("attachable", isAttachable ? true : nil)
        if !labels.isEmpty { object.set("labels", labels) }
        object.set("created", created)
        return object.value
    }
}

/// Lower-case hexadecimal digits, as IDs are written.
func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}
