internal import JSON

extension Linux {
    init(_ reader: JSONReader) throws(JSONError) {
        namespaces = try reader.list("namespaces") { item throws(JSONError) in try Namespace(item) }
        uidMappings = try reader.list("uidMappings") { item throws(JSONError) in try IDMapping(item) }
        gidMappings = try reader.list("gidMappings") { item throws(JSONError) in try IDMapping(item) }
        timeOffsets = try Self.timeOffsets(reader)
        devices = try reader.list("devices") { item throws(JSONError) in try Device(item) }
        netDevices = try Self.netDevices(reader)
        cgroupsPath = try reader.text("cgroupsPath")
        rootfsPropagation = try reader.choice("rootfsPropagation", Propagation.self)
        maskedPaths = try reader.strings("maskedPaths")
        readonlyPaths = try reader.strings("readonlyPaths")
        mountLabel = try reader.text("mountLabel")
        if let member = try reader.optional("personality") { personality = try Personality(member) }
        if let member = try reader.optional("seccomp") { seccomp = try Seccomp(decoding: member) }
        sysctl = try Self.sysctl(reader)
        if let member = try reader.optional("memoryPolicy") { memoryPolicy = try MemoryPolicy(member) }
        if let member = try reader.optional("resources") { resources = try Resources(decoding: member) }
        if let member = try reader.optional("intelRdt") { intelRdt = try IntelRdt(member) }
    }

    private static func timeOffsets(_ reader: JSONReader) throws(JSONError) -> [TimeOffset] {
        var offsets: [TimeOffset] = []
        for (name, value) in try reader.map("timeOffsets") {
            guard let clock = TimeOffset.Clock(rawValue: name) else {
                let allowed = TimeOffset.Clock.allCases.map(\.rawValue)
                throw JSONError(path: value.path, problem: .unknownValue(name, allowed: allowed))
            }
            offsets.append(
                TimeOffset(
                    clock: clock, secs: try value.optional("secs")?.integer() ?? 0,
                    nanosecs: try value.optional("nanosecs")?.uint32() ?? 0))
        }
        return offsets
    }

    private static func netDevices(_ reader: JSONReader) throws(JSONError) -> [NetDevice] {
        var devices: [NetDevice] = []
        for (name, value) in try reader.map("netDevices") {
            devices.append(NetDevice(hostName: name, name: try value.text("name")))
        }
        return devices
    }

    private static func sysctl(_ reader: JSONReader) throws(JSONError) -> [Sysctl] {
        var parameters: [Sysctl] = []
        for (name, value) in try reader.map("sysctl") {
            parameters.append(Sysctl(name: name, value: try value.string()))
        }
        return parameters
    }
}

extension Namespace {
    init(_ reader: JSONReader) throws(JSONError) {
        type = try reader.required("type").choice(Kind.self)
        path = try reader.text("path")
    }
}

extension Device {
    init(_ reader: JSONReader) throws(JSONError) {
        type = try reader.required("type").choice(Kind.self)
        path = try reader.required("path").string()
        if type != .fifo {
            major = try reader.required("major").integer()
            minor = try reader.required("minor").integer()
        }
        // Engines copy st_mode whole; the type is said by `type`.
        fileMode = try reader.optional("fileMode").map { mode throws(JSONError) in try mode.uint32() & 0o7777
        }
        uid = try reader.optional("uid")?.uint32()
        gid = try reader.optional("gid")?.uint32()
    }
}

extension Personality {
    init(_ reader: JSONReader) throws(JSONError) {
        domain = try reader.required("domain").choice(Domain.self)
        flags = try reader.strings("flags")
    }
}

extension MemoryPolicy {
    init(_ reader: JSONReader) throws(JSONError) {
        mode = try reader.required("mode").choice(Mode.self)
        nodes = try reader.text("nodes") ?? ""
        flags = try reader.choices("flags", Flag.self)
    }
}

extension IntelRdt {
    init(_ reader: JSONReader) throws(JSONError) {
        closID = try reader.text("closID")
        l3CacheSchema = try reader.text("l3CacheSchema")
        memBwSchema = try reader.text("memBwSchema")
        schemata = try reader.strings("schemata")
        enableMonitoring = try reader.flag("enableMonitoring")
    }
}
