internal import Addressing

/// What the flags about a container's network say, as typed.
package struct NetworkOptions: Hashable, Sendable {
    /// `--network`; empty is the default bridge.
    package var networks: [String] = []
    package var aliases: [String] = []
    package var ip4: String?
    package var ip6: String?
    package var mac: String?
    package var links: [String] = []
    package var ports: [String] = []
    package var publishesAll = false
    package var exposed: [String] = []
    package var servers: [String] = []
    package var search: [String] = []
    package var resolverOptions: [String] = []
    package var extraHosts: [String] = []
    package var hostname = ""
    package var domainname = ""

    package init() {}

    /// The request these flags make; its container has no ID yet.
    package func request() throws(EngineError) -> SandboxRequest {
        var request = SandboxRequest(containerID: "", name: "", hostname: hostname, domainname: domainname)
        request.mode = try mode()
        for text in ports { request.ports += try PortRequest.parse(text) }
        request.publishesAll = publishesAll
        for text in exposed { request.exposed += try ContainerPort.parse(text) }
        request.dns.servers = try servers.map { (text) throws(EngineError) in
            guard let address = IPAddress(text) else {
                throw EngineError("\(text) is not an ip address", .invalid)
            }
            return address
        }
        request.dns.search = search
        request.dns.options = resolverOptions
        request.extraHosts = try extraHosts.map { (text) throws(EngineError) in try ExtraHost(option: text) }
        try addLinks(to: &request)
        return request
    }

    private func mode() throws(EngineError) -> NetworkMode {
        let words = networks.isEmpty ? ["bridge"] : networks
        for word in words where Self.isOwnMode(word) {
            guard words.count == 1 else {
                throw EngineError(
                    "conflicting options: cannot attach both user-defined and non-user-defined network-modes",
                    .conflict)
            }
            try refuseEndpointOptions(word)
            switch word {
            case "host": return .host
            case "none": return .none
            default: return .container(String(word.dropFirst("container:".count)))
            }
        }
        var endpoints: [EndpointRequest] = []
        for word in words {
            endpoints.append(try EndpointRequest(option: word == "default" ? "bridge" : word))
        }
        try fill(&endpoints[0])
        return .networks(endpoints)
    }

    private static func isOwnMode(_ word: String) -> Bool {
        word == "host" || word == "none" || word.hasPrefix("container:")
    }

    private func refuseEndpointOptions(_ mode: String) throws(EngineError) {
        guard ip4 == nil, ip6 == nil else {
            throw EngineError(
                "user specified IP address is supported on user defined networks only", .invalid)
        }
        guard aliases.isEmpty else {
            throw EngineError(
                "network-scoped alias is supported only for containers in user defined networks", .invalid)
        }
        guard mac == nil || mode == "none" else {
            throw EngineError("conflicting options: mac-address and the network mode", .conflict)
        }
    }

    /// What is said without a network is about the first one.
    private func fill(_ endpoint: inout EndpointRequest) throws(EngineError) {
        let conflict = { (flag: String, field: String) in
            EngineError(
                "conflicting options: cannot specify both --\(flag) and per-network \(field)", .conflict)
        }
        if !aliases.isEmpty {
            guard endpoint.aliases.isEmpty else { throw conflict("network-alias", "alias") }
            endpoint.aliases = aliases
        }
        if let ip4 {
            guard endpoint.ip4 == nil else { throw conflict("ip", "IPv4 address") }
            endpoint.ip4 = try address(ip4, .v4)
        }
        if let ip6 {
            guard endpoint.ip6 == nil else { throw conflict("ip6", "IPv6 address") }
            endpoint.ip6 = try address(ip6, .v6)
        }
        if let mac {
            guard endpoint.mac == nil else { throw conflict("mac-address", "MAC address") }
            guard let parsed = MACAddress(mac), !parsed.isMulticast, parsed != .zero else {
                throw EngineError("\(mac) is not a valid mac address", .invalid)
            }
            endpoint.mac = parsed
        }
    }

    private func address(_ text: String, _ family: IPAddress.Family) throws(EngineError) -> IPAddress {
        guard let address = IPAddress(text), address.family == family else {
            throw EngineError("invalid \(family == .v4 ? "IPv4" : "IPv6") address: \(text)", .invalid)
        }
        return address
    }

    /// On the default bridge a link is a line of the hosts file, on any other network a name this container alone knows.
    private func addLinks(to request: inout SandboxRequest) throws(EngineError) {
        var found: [LinkRequest] = []
        for text in links {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
                throw EngineError("bad format for links: \(text)", .invalid)
            }
            found.append(LinkRequest(containerID: parts[0], alias: parts[parts.count - 1]))
        }
        guard !found.isEmpty else { return }
        guard case .networks(var endpoints) = request.mode else {
            if case .none = request.mode { return }
            let mode = request.mode == .host ? "host type networking" : "container type network"
            throw EngineError(
                "conflicting options: \(mode) can't be used with links. This would result in undefined behavior",
                .conflict)
        }
        if endpoints[0].network == "bridge" {
            request.links = found
        } else {
            endpoints[0].links = found
            request.mode = .networks(endpoints)
        }
    }
}

extension ExtraHost {
    /// Reads what stands behind `--add-host`: `NAME:ADDRESS` or `NAME=ADDRESS`, an IPv6 address with brackets or without.
    package init(option text: String) throws(EngineError) {
        guard let mark = text.firstIndex(where: { $0 == ":" || $0 == "=" }), mark != text.startIndex else {
            throw EngineError("bad format for add-host: \"\(text)\"", .invalid)
        }
        let name = String(text[..<mark])
        var value = text[text.index(after: mark)...]
        guard value != "host-gateway" else {
            self.init(name: name, address: nil)
            return
        }
        if value.hasPrefix("["), value.hasSuffix("]") { value = value.dropFirst().dropLast() }
        guard let address = IPAddress(value) else {
            throw EngineError("invalid IP address in add-host: \"\(value)\"", .invalid)
        }
        self.init(name: name, address: address)
    }
}
