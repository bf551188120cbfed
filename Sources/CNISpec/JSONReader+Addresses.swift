public import Addressing
public import JSON

extension JSONReader {
    /// The value, which must be the text of an IP address.
    public func ipAddress() throws(JSONError) -> IPAddress {
        let text = try string()
        guard let address = IPAddress(text) else { throw notAllowed("'\(text)' is not an IP address") }
        return address
    }

    /// Like ``ipAddress()``; the empty text, which Go programs write, is `nil`.
    public func ipAddressIfAny() throws(JSONError) -> IPAddress? {
        try string().isEmpty ? nil : ipAddress()
    }

    /// The value, which must be the text of an address with the length of its prefix.
    public func ipPrefix() throws(JSONError) -> IPPrefix {
        let text = try string()
        guard let prefix = IPPrefix(text) else {
            throw notAllowed("'\(text)' is not an address with a prefix length, like 10.1.0.5/16")
        }
        return prefix
    }

    /// The value, which must be the text of a MAC address an interface can have.
    public func macAddress() throws(JSONError) -> MACAddress {
        let text = try string()
        guard let address = MACAddress(text), !address.isMulticast, address != .zero else {
            throw notAllowed("'\(text)' is not a MAC address an interface can have, like 02:42:0a:00:00:02")
        }
        return address
    }
}
