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
        var wish = NetworkWish(name: name)
        (wish.subnet, wish.gateway, wish.subnet6, wish.gateway6) = (subnet, gateway, subnet6, gateway6)
        (wish.vni, wish.blockLength, wish.mtu) = (vni, blockLength, mtu)
        (wish.isInternal, wish.isAttachable, wish.labels) = (isInternal, isAttachable, labels)
        var object = wish.json
        object.set("id", id)
        object.set("created", created)
        return object.value
    }
}

/// Lower-case hexadecimal digits, as IDs are written.
func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}
