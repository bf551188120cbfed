package import Addressing
internal import JSON

/// A port of the host that leads to a port of a container.
package struct PublishedPort: Hashable, Sendable {
    /// The one address of the host it is on; nil for all of both families. `0.0.0.0` and `::` are all of one family.
    package var hostAddress: IPAddress?
    package var hostPort: UInt16
    package var containerAddress: IPAddress
    package var containerPort: UInt16
    package var transport: Transport

    /// How it is spoken to.
    package enum Transport: String, Sendable, CaseIterable { case tcp, udp, sctp }

    package init(
        _ transport: Transport = .tcp, hostAddress: IPAddress? = nil, hostPort: UInt16,
        to containerAddress: IPAddress, containerPort: UInt16
    ) {
        self.transport = transport
        self.hostAddress = hostAddress
        self.hostPort = hostPort
        self.containerAddress = containerAddress
        self.containerPort = containerPort
    }

    init(_ reader: JSONReader) throws(JSONError) {
        transport = try reader.optional("protocol")?.choice(Transport.self) ?? .tcp
        if let text = try reader.optional("hostIP"), try !text.string().isEmpty {
            hostAddress = try text.address()
        }
        hostPort = try reader.required("hostPort").port()
        containerAddress = try reader.required("containerIP").address()
        containerPort = try reader.required("containerPort").port()
    }

    var json: JSONValue {
        var object = JSONObject()
        object.set("protocol", transport.rawValue)
        object.set("hostIP", hostAddress.map { "\($0)" })
        object.set("hostPort", hostPort)
        object.set("containerIP", "\(containerAddress)")
        object.set("containerPort", containerPort)
        return object.value
    }
}

extension JSONReader {
    fileprivate func address() throws(JSONError) -> IPAddress {
        let text = try string()
        guard let address = IPAddress(text) else { throw notAllowed("'\(text)' is not an IP address") }
        return address
    }

    fileprivate func port() throws(JSONError) -> UInt16 { UInt16(try integer(in: 1...65535)) }
}
