internal import Addressing
internal import CNISpec
internal import JSON

extension SandboxRequest {
    /// Adds the members of the request but for its endpoints.
    func write(to object: inout JSONObject) {
        object.set("containerID", containerID)
        object.set("name", name)
        object.setText("hostname", hostname)
        object.setText("domainname", domainname)
        object.set("mode", modeWord)
        object.set("ports", ports, \.json)
        object.setFlag("publishesAll", publishesAll)
        object.set("exposed", exposed.map { "\($0)" })
        object.set("servers", dns.servers.map { "\($0)" })
        object.set("search", dns.search)
        object.set("options", dns.options)
        object.set("extraHosts", extraHosts) { host in
            var object = JSONObject()
            object.set("name", host.name)
            object.set("address", host.address.map { "\($0)" })
            return object.value
        }
        object.set("links", links, \.json)
    }

    /// `bridge` stands for networks of any kind.
    private var modeWord: String {
        switch mode {
        case .networks: "networks"
        case .host: "host"
        case .none: "none"
        case .container(let id): "container:\(id)"
        }
    }

    init(_ reader: inout RecordReader) throws(JSONError) {
        self.init(containerID: try reader.required("containerID").string(), name: try reader.text("name"))
        hostname = try reader.text("hostname")
        domainname = try reader.text("domainname")
        mode = try Self.mode(try reader.required("mode"))
        ports = try reader.list("ports") { (port) throws(JSONError) in try PortRequest(&port) }
        publishesAll = try reader.flag("publishesAll")
        for element in try reader.take("exposed")?.elements() ?? [] {
            exposed.append(try element.containerPort())
        }
        dns.servers = try reader.take("servers")?.addresses() ?? []
        dns.search = try reader.strings("search")
        dns.options = try reader.strings("options")
        extraHosts = try reader.list("extraHosts") { (host) throws(JSONError) in
            ExtraHost(name: try host.text("name"), address: try host.take("address")?.ipAddress())
        }
        links = try reader.list("links") { (link) throws(JSONError) in try LinkRequest(&link) }
    }

    private static func mode(_ reader: JSONReader) throws(JSONError) -> NetworkMode {
        let word = try reader.string()
        switch word {
        case "networks": return .networks([])
        case "host": return .host
        case "none": return .none
        default:
            guard word.hasPrefix("container:") else { throw reader.notAllowed("'\(word)' is no mode") }
            return .container(String(word.dropFirst("container:".count)))
        }
    }
}

extension EndpointRequest {
    var json: JSONValue {
        var object = JSONObject()
        object.set("network", network)
        object.set("aliases", aliases)
        object.set("ip4", ip4.map { "\($0)" })
        object.set("ip6", ip6.map { "\($0)" })
        object.set("mac", mac.map { "\($0)" })
        object.set("gatewayPriority", gatewayPriority == 0 ? nil : gatewayPriority)
        object.set("links", links, \.json)
        object.set("interfaceName", interfaceName)
        return object.value
    }

    init(_ reader: inout RecordReader) throws(JSONError) {
        self.init(network: try reader.text("network"))
        aliases = try reader.strings("aliases")
        ip4 = try reader.take("ip4")?.ipAddress()
        ip6 = try reader.take("ip6")?.ipAddress()
        mac = try reader.take("mac")?.macAddress()
        gatewayPriority = try reader.number("gatewayPriority") ?? 0
        links = try reader.list("links") { (link) throws(JSONError) in try LinkRequest(&link) }
        interfaceName = try reader.take("interfaceName")?.string()
    }
}

extension LinkRequest {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("container", containerID)
        object.set("alias", alias)
        return object.value
    }

    fileprivate init(_ reader: inout RecordReader) throws(JSONError) {
        self.init(containerID: try reader.text("container"), alias: try reader.text("alias"))
    }
}

extension PortRequest {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("container", "\(container)")
        object.set("hostIP", hostIP.map { "\($0)" })
        object.set("first", hostPorts?.lowerBound)
        object.set("last", hostPorts?.upperBound)
        return object.value
    }

    fileprivate init(_ reader: inout RecordReader) throws(JSONError) {
        self.init(
            container: try reader.required("container").containerPort(),
            hostIP: try reader.take("hostIP")?.ipAddress())
        if let first = try reader.take("first")?.uint16(), let last = try reader.take("last")?.uint16(),
            first <= last
        {
            hostPorts = first...last
        }
    }
}
