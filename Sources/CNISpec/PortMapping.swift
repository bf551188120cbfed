public import Addressing
public import JSON

/// A port of the host which leads to a port of the container. CNI conventions, `portMappings`.
public struct PortMapping: Hashable, Sendable {
    public var hostPort: UInt16
    public var containerPort: UInt16
    public var transport: Transport
    /// The only address of the host it is for; `nil`, `0.0.0.0` and `::` are every one (of a family).
    public var hostIP: IPAddress?
    /// How many ports in a row, these two included. Not in the conventions; absent is 1.
    public var count: UInt16

    /// The protocols that have ports.
    public enum Transport: String, CaseIterable, Hashable, Sendable {
        case tcp, udp, sctp
    }

    public init(
        hostPort: UInt16, containerPort: UInt16, transport: Transport = .tcp, hostIP: IPAddress? = nil,
        count: UInt16 = 1
    ) {
        self.hostPort = hostPort
        self.containerPort = containerPort
        self.transport = transport
        self.hostIP = hostIP
        self.count = count
    }

    /// Reads one element of `portMappings`; `protocol` is taken in any case, and absent is `tcp`.
    public init(_ reader: JSONReader) throws(JSONError) {
        let (host, container) = (try reader.required("hostPort"), try reader.required("containerPort"))
        hostPort = try host.port("host")
        containerPort = try container.port("container")
        hostIP = try reader.optional("hostIP")?.ipAddressIfAny()
        let name = try reader.optional("protocol")?.string() ?? ""
        guard let transport = name.isEmpty ? .tcp : Transport(rawValue: name.lowercased()) else {
            throw JSONError(
                path: try reader.required("protocol").path,
                problem: .unknownValue(name, allowed: Transport.allCases.map { $0.rawValue }))
        }
        self.transport = transport
        guard let range = try reader.optional("range") else {
            count = 1
            return
        }
        // The last port of both sides has to exist.
        let most = 65536 - Int64(max(hostPort, containerPort))
        count = UInt16(clamping: try range.integer(in: 1...most))
    }
}

extension JSONReader {
    /// A port, 1 to 65535; `side` names it in the error.
    fileprivate func port(_ side: String) throws(JSONError) -> UInt16 {
        let number = try integer()
        guard number > 0, let port = UInt16(exactly: number) else {
            throw notAllowed("Invalid \(side) port number: \(number) (allowed: 1 to 65535)")
        }
        return port
    }
}
