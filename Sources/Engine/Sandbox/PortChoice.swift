internal import Addressing
internal import CNISpec
internal import JSON
internal import Kernel
internal import PortGuard

/// Which ports of the host are free, as far as published ports and listening sockets tell.
struct PortChoice {
    /// What other containers have published.
    private(set) var published: [Holder]
    /// Where somebody listens.
    private let listeners: Set<ContainerPort>
    /// Where ports nobody chose are taken from, both included.
    private let range: ClosedRange<UInt16>

    /// A published port, and whose it is.
    struct Holder: Hashable {
        var transport: PortMapping.Transport
        var hostIP: IPAddress?
        var hostPort: UInt16

        /// Whether both cannot be there.
        func collides(with other: Holder) -> Bool {
            guard transport == other.transport, hostPort == other.hostPort else { return false }
            guard let own = hostIP, let their = other.hostIP else { return true }
            if own.family != their.family { return false }
            return own == their || own.isUnspecified || their.isUnspecified
        }
    }

    init(published: [Holder], listeners: Set<ContainerPort>, range: ClosedRange<UInt16>) {
        self.published = published
        self.listeners = listeners
        self.range = range
    }

    /// What is so now; the container's own ports are not counted.
    init(_ paths: EnginePaths, except containerID: String) {
        self.init(
            published: Self.records(paths, except: containerID), listeners: Self.listening(),
            range: Self.localRange())
    }

    /// The port for a request; it is taken from then on.
    ///
    /// - Throws: ``EngineError`` in Docker's words when there is none.
    mutating func take(_ request: PortRequest, hostIP: IPAddress?) throws(EngineError) -> UInt16 {
        let candidates = request.hostPorts ?? range
        for port in candidates {
            let holder = Holder(transport: request.container.transport, hostIP: hostIP, hostPort: port)
            if published.contains(where: holder.collides) { continue }
            // A port somebody insists on is refused by the plugin, which knows who listens there.
            if candidates.count > 1, listeners.contains(ContainerPort(port, holder.transport)) { continue }
            published.append(holder)
            return port
        }
        let address = hostIP.map { $0.family == .v6 ? "[\($0)]" : "\($0)" } ?? "0.0.0.0"
        throw EngineError(
            "Bind for \(address):\(candidates.lowerBound) failed: port is already allocated", .conflict)
    }

    private static func records(_ paths: EnginePaths, except containerID: String) -> [Holder] {
        var found: [Holder] = []
        for name in (try? listDirectory(paths.portRecords)) ?? [] where name.hasSuffix(".json") {
            guard let value = try? readRecord("\(paths.portRecords)/\(name)"),
                let record = try? PortRecord(JSONReader(value)), record.containerID != containerID
            else { continue }
            found += record.ports.compactMap { port in
                PortMapping.Transport(rawValue: port.transport.rawValue).map {
                    Holder(transport: $0, hostIP: port.hostAddress, hostPort: port.hostPort)
                }
            }
        }
        return found
    }

    /// Sockets of the host which take callers or datagrams. proc(5), `/proc/net/tcp`
    private static func listening() -> Set<ContainerPort> {
        var found: Set<ContainerPort> = []
        for (name, transport) in [("tcp", PortMapping.Transport.tcp), ("udp", .udp)] {
            for suffix in ["", "6"] {
                guard let text = try? readText("/proc/self/net/\(name)\(suffix)") else { continue }
                found.formUnion(listeners(text, transport))
            }
        }
        return found
    }

    /// Reads the kernel's table: the second field is the own address, the fourth the state.
    static func listeners(_ text: String, _ transport: PortMapping.Transport) -> [ContainerPort] {
        text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 4)
            // TCP_LISTEN, and what a socket without a partner has in the table of UDP.
            guard fields.count > 3, fields[3] == (transport == .tcp ? "0A" : "07"),
                let port = fields[1].split(separator: ":").last.flatMap({ UInt16($0, radix: 16) })
            else { return nil }
            return ContainerPort(port, transport)
        }
    }

    /// `net.ipv4.ip_local_port_range`
    private static func localRange() -> ClosedRange<UInt16> {
        let text = (try? readText("/proc/sys/net/ipv4/ip_local_port_range")) ?? ""
        let ends = text.split(whereSeparator: { $0 == "\t" || $0 == " " || $0 == "\n" }).compactMap {
            UInt16($0)
        }
        guard ends.count == 2, ends[0] > 0, ends[0] <= ends[1] else { return 32768...60999 }
        return ends[0]...ends[1]
    }
}
