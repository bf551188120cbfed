internal import Addressing
internal import CNISpec

extension PortRequest {
    /// Reads what stands behind `-p`, in all of Docker's forms; a range of container ports makes several.
    ///
    /// `[IP:][HOST[-HOST]:]CONTAINER[-CONTAINER][/PROTOCOL]`, an IPv6 address in brackets, or
    /// `target=80,published=8080,protocol=tcp`. An empty host port (`127.0.0.1::53`) is a random one.
    package static func parse(_ text: String) throws(EngineError) -> [PortRequest] {
        let text = try text.contains("=") ? shortForm(text) : text
        let (address, rest) = try splitAddress(text)
        let (ports, transport) = try splitTransport(rest, text)
        let parts = ports.split(separator: ":", omittingEmptySubsequences: false)
        guard let last = parts.last, !last.isEmpty else {
            throw EngineError("no port specified: \(text)<empty>", .invalid)
        }
        let container = try range(last, "containerPort")
        var host: ClosedRange<UInt16>?
        if parts.count == 2, !parts[0].isEmpty { host = try range(parts[0], "hostPort") }
        return try pair(container, host, address, transport, text)
    }

    /// Each container port with its host port; several host ports for one container port are a choice.
    private static func pair(
        _ container: ClosedRange<UInt16>, _ host: ClosedRange<UInt16>?, _ address: IPAddress?,
        _ transport: PortMapping.Transport, _ text: String
    ) throws(EngineError) -> [PortRequest] {
        guard let host else {
            return container.map {
                PortRequest(container: ContainerPort($0, transport), hostIP: address, hostPorts: nil)
            }
        }
        if container.count == 1 {
            return [
                PortRequest(
                    container: ContainerPort(container.lowerBound, transport), hostIP: address,
                    hostPorts: host)
            ]
        }
        guard host.count == container.count else {
            throw EngineError("invalid ranges specified for container and host Ports: \(text)", .invalid)
        }
        return zip(container, host).map {
            PortRequest(container: ContainerPort($0, transport), hostIP: address, hostPorts: $1...$1)
        }
    }

    /// What the long form says, as the short form writes it.
    private static func shortForm(_ text: String) throws(EngineError) -> String {
        var (target, published, transport, address) = ("", "", "tcp", "")
        for field in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw EngineError(
                    "invalid publish opts format (should be name=value but got '\(field)')", .invalid)
            }
            let value = String(parts[1])
            switch parts[0] {
            case "target": target = value
            case "published": published = value
            case "protocol": transport = value
            case "host_ip", "ip": address = value.contains(":") ? "[\(value)]:" : value + ":"
            // There is no other mode than this one outside of a swarm.
            case "mode" where value == "host" || value == "ingress": break
            default: throw EngineError("invalid field key \(parts[0]) in \(text)", .invalid)
            }
        }
        return "\(address)\(published):\(target)/\(transport)"
    }

    /// The address in front, if there is one, and what follows it.
    private static func splitAddress(
        _ text: String
    ) throws(EngineError) -> (address: IPAddress?, rest: Substring) {
        var (name, rest) = (text[...], text[...])
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            name = text[text.index(after: text.startIndex)..<end]
            rest = text[end...].dropFirst()
            guard rest.hasPrefix(":") else { throw EngineError("invalid IP address: \(text)", .invalid) }
            rest = rest.dropFirst()
        } else {
            let colons = text.indices.filter { text[$0] == ":" }
            guard colons.count >= 2 else { return (nil, rest) }
            // Everything before the last two fields, so that an address without brackets is named whole.
            let end = colons[colons.count - 2]
            (name, rest) = (text[..<end], text[end...].dropFirst())
        }
        guard !name.isEmpty else { return (nil, rest) }
        guard let address = IPAddress(name) else {
            throw EngineError("invalid IP address: \(name)", .invalid)
        }
        return (address, rest)
    }

    fileprivate static func splitTransport(
        _ rest: Substring, _ text: String
    ) throws(EngineError) -> (ports: Substring, PortMapping.Transport) {
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return (rest, .tcp) }
        guard parts.count == 2, let transport = PortMapping.Transport(rawValue: parts[1].lowercased()) else {
            throw EngineError("invalid proto: \(parts.dropFirst().joined(separator: "/"))", .invalid)
        }
        return (parts[0], transport)
    }

    fileprivate static func range(
        _ text: Substring, _ key: String
    ) throws(EngineError) -> ClosedRange<UInt16> {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        let wrong = EngineError("invalid \(key): \(text)", .invalid)
        guard let first = ends.first.flatMap({ UInt16($0) }), let last = ends.last.flatMap({ UInt16($0) }),
            ends.count <= 2, first > 0, first <= last
        else { throw wrong }
        return first...last
    }
}

extension ContainerPort {
    /// Reads what stands behind `--expose` and in an image's `ExposedPorts`: `80`, `80/udp`, `8000-8010/tcp`.
    package static func parse(_ text: String) throws(EngineError) -> [ContainerPort] {
        let (ports, transport) = try PortRequest.splitTransport(text[...], text)
        guard !ports.contains(":") else {
            throw EngineError("invalid port format for --expose: \(text)", .invalid)
        }
        do throws(EngineError) {
            return try PortRequest.range(ports, "port").map { ContainerPort($0, transport) }
        } catch {
            throw EngineError("invalid range format for --expose: \(text), error: \(error)", .invalid)
        }
    }
}
