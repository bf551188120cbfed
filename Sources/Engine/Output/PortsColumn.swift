/// A port as `ps` shows it: one which is exposed only, or one which is published on an address of the host.
package struct ShownPort: Hashable, Sendable {
    /// An address of the host; empty when the port is not published.
    package var hostAddress: String
    package var hostPort: UInt16
    package var containerPort: UInt16
    /// `tcp`, `udp` or `sctp`.
    package var `protocol`: String

    package init(
        hostAddress: String = "", hostPort: UInt16 = 0, containerPort: UInt16, protocol: String = "tcp"
    ) {
        self.hostAddress = hostAddress
        self.hostPort = hostPort
        self.containerPort = containerPort
        self.protocol = `protocol`
    }
}

/// The column PORTS: neighbours in one range, addresses of IPv6 in brackets, ports with another number outside last.
package func portsColumn(_ ports: [ShownPort]) -> String {
    var (finished, unequal): ([PortRange], [String]) = ([], [])
    // The range that is still growing, for each address and protocol in the order in which they came.
    var growing: [PortRange] = []
    for port in ports.sorted(by: comesFirst) {
        if !port.hostAddress.isEmpty, port.hostPort != port.containerPort {
            unequal.append(
                "\(bracketed(port.hostAddress)):\(port.hostPort)->\(port.containerPort)/\(port.protocol)")
            continue
        }
        let range = PortRange(port)
        guard let index = growing.firstIndex(where: { $0.isBeside(range) }) else {
            growing.append(range)
            continue
        }
        if growing[index].last == range.first { continue }
        if growing[index].last + 1 == range.first {
            growing[index].last = range.first
        } else {
            finished.append(growing[index])
            growing[index] = range
        }
    }
    return ((finished + growing).map(\.text) + unequal).joined(separator: ", ")
}

private struct PortRange {
    let address: String
    let `protocol`: String
    let first: Int
    var last: Int

    init(_ port: ShownPort) {
        address = port.hostAddress
        `protocol` = port.protocol
        first = Int(port.containerPort)
        last = first
    }

    func isBeside(_ other: PortRange) -> Bool {
        address == other.address && `protocol` == other.protocol
    }

    var text: String {
        let numbers = first == last ? "\(first)" : "\(first)-\(last)"
        let mapping = address.isEmpty ? numbers : "\(bracketed(address)):\(numbers)->\(numbers)"
        return "\(mapping)/\(`protocol`)"
    }
}

private func comesFirst(_ one: ShownPort, _ other: ShownPort) -> Bool {
    (one.containerPort, one.hostAddress, one.hostPort, one.protocol)
        < (other.containerPort, other.hostAddress, other.hostPort, other.protocol)
}

private func bracketed(_ address: String) -> String { address.contains(":") ? "[\(address)]" : address }
