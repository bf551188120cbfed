internal import Addressing
internal import CNISpec
package import JSON

extension SandboxRecord {
    package var json: JSONValue {
        var object = JSONObject()
        request.write(to: &object)
        object.set("endpoints", endpoints, \.json)
        object.setFlag("started", isStarted)
        object.set("way", way?.json)
        object.set("chosenPorts", ports, \.json)
        object.set("publisher", publisher)
        object.setText("resolvConf", resolvConf)
        object.setFlag("usesResolver", usesResolver)
        return object.value
    }

    package init(_ value: JSONValue) throws(JSONError) {
        var reader = try RecordReader(value)
        self.init(try SandboxRequest(&reader))
        endpoints = try reader.list("endpoints") { (element) throws(JSONError) in try Entry(&element) }
        isStarted = try reader.flag("started")
        if let object = reader.take("way") {
            var way = try RecordReader(object)
            self.way = Way(
                interface: try way.text("interface"),
                gateways: try way.take("gateways")?.addresses() ?? [])
        }
        ports = try reader.list("chosenPorts") { (element) throws(JSONError) in try Port(&element) }
        publisher = try reader.take("publisher")?.string()
        resolvConf = try reader.text("resolvConf")
        usesResolver = try reader.flag("usesResolver")
    }
}

extension SandboxRecord.Way {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("interface", interface)
        object.set("gateways", gateways.map { "\($0)" })
        return object.value
    }
}

extension SandboxRecord.Entry {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("id", id)
        object.set("network", networkID)
        object.set("networkName", networkName)
        object.set("request", request.json)
        object.set("interface", interface)
        object.set("attached", attached?.json)
        return object.value
    }

    fileprivate init(_ reader: inout RecordReader) throws(JSONError) {
        id = try reader.text("id")
        networkID = try reader.required("network").string()
        networkName = try reader.required("networkName").string()
        var asked = try RecordReader(try reader.required("request"))
        request = try EndpointRequest(&asked)
        interface = try reader.take("interface")?.string()
        if let object = reader.take("attached") {
            var attached = try RecordReader(object)
            self.attached = try Endpoint.Attached(&attached)
        }
    }
}

extension Endpoint.Attached {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("interface", interface)
        object.set("mac", mac)
        object.set("addresses", addresses.map { "\($0)" })
        object.set("gateways", gateways.map { "\($0)" })
        return object.value
    }

    fileprivate init(_ reader: inout RecordReader) throws(JSONError) {
        interface = try reader.text("interface")
        mac = try reader.text("mac")
        addresses = []
        for element in try reader.take("addresses")?.elements() ?? [] {
            addresses.append(try element.ipPrefix())
        }
        gateways = try reader.take("gateways")?.addresses() ?? []
    }
}

extension SandboxRecord.Port {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("container", "\(container)")
        object.set("hostIP", hostIP.map { "\($0)" })
        object.set("hostPort", hostPort)
        return object.value
    }

    fileprivate init(_ reader: inout RecordReader) throws(JSONError) {
        container = try reader.required("container").containerPort()
        hostIP = try reader.take("hostIP")?.ipAddress()
        hostPort = try reader.required("hostPort").uint16()
    }
}

extension JSONReader {
    /// The value, which must be a list of addresses.
    func addresses() throws(JSONError) -> [IPAddress] {
        var found: [IPAddress] = []
        for element in try elements() { found.append(try element.ipAddress()) }
        return found
    }

    /// The value, which must be the text of one port with its protocol.
    func containerPort() throws(JSONError) -> ContainerPort {
        let text = try string()
        guard let port = try? ContainerPort.parse(text).first else {
            throw notAllowed("'\(text)' is not a port")
        }
        return port
    }
}
