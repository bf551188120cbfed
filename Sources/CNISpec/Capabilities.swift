public import Addressing
public import JSON

/// A part of a subnet to take addresses from. CNI conventions, `ipRanges`.
public struct IPRange: Hashable, Sendable {
    public var subnet: IPPrefix
    /// The first and last address of the range; `nil` is for the address manager to choose.
    public var start: IPAddress?
    public var end: IPAddress?
    public var gateway: IPAddress?

    public init(_ subnet: IPPrefix, start: IPAddress? = nil, end: IPAddress? = nil, gateway: IPAddress? = nil)
    {
        self.subnet = subnet
        self.start = start
        self.end = end
        self.gateway = gateway
    }

    /// Reads one range; whether its parts fit together is for the address manager to say.
    public init(_ reader: JSONReader) throws(JSONError) {
        subnet = try reader.required("subnet").ipPrefix()
        start = try reader.optional("rangeStart")?.ipAddressIfAny()
        end = try reader.optional("rangeEnd")?.ipAddressIfAny()
        gateway = try reader.optional("gateway")?.ipAddressIfAny()
    }

    /// Reads a list of ranges which make one pool.
    public static func set(_ reader: JSONReader) throws(JSONError) -> [IPRange] {
        var ranges: [IPRange] = []
        for element in try reader.elements() { ranges.append(try IPRange(element)) }
        return ranges
    }
}

/// An address somebody asks for, with or without the length of its prefix. CNI conventions, `ips`.
public struct RequestedAddress: Hashable, Sendable {
    public var address: IPAddress
    /// Bits of the prefix, where they were given.
    public var length: Int?

    /// `nil` when `text` is neither `10.1.0.5` nor `10.1.0.5/16`, nor their like in IPv6.
    public init?(_ text: String) {
        if let prefix = IPPrefix(text) {
            address = prefix.address
            length = prefix.length
        } else if let address = IPAddress(text) {
            self.address = address
            length = nil
        } else {
            return nil
        }
    }

    /// Reads one element of `ips`.
    public init(_ reader: JSONReader) throws(JSONError) {
        let text = try reader.string()
        guard let address = RequestedAddress(text) else {
            throw reader.notAllowed("'\(text)' is not an address, with or without a prefix length")
        }
        self = address
    }

    /// Address and length, when both are known.
    public var prefix: IPPrefix? { length.flatMap { IPPrefix(address, length: $0) } }
}

/// Limits of the traffic of a container. CNI conventions, `bandwidth`.
public struct Bandwidth: Hashable, Sendable {
    /// Bits per second into the container; 0 is no limit.
    public var ingressRate: UInt64
    /// Bits.
    public var ingressBurst: UInt64
    /// Bits per second out of the container; 0 is no limit.
    public var egressRate: UInt64
    /// Bits.
    public var egressBurst: UInt64

    /// Reads the object `bandwidth`; what is absent is 0.
    public init(_ reader: JSONReader) throws(JSONError) {
        ingressRate = try reader.optional("ingressRate")?.unsigned() ?? 0
        ingressBurst = try reader.optional("ingressBurst")?.unsigned() ?? 0
        egressRate = try reader.optional("egressRate")?.unsigned() ?? 0
        egressBurst = try reader.optional("egressBurst")?.unsigned() ?? 0
    }
}
