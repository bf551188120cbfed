public import JSON

extension Resources {
    /// Reads the `resources` object, or the file `update -r` is given.
    ///
    /// - Throws: ``JSONError`` naming the first value which has not the form of the specification.
    public init(decoding reader: JSONReader) throws(JSONError) {
        devices = try reader.list("devices") { rule throws(JSONError) in try DeviceRule(rule) }
        if let member = try reader.optional("memory") { memory = try Memory(member) }
        if let member = try reader.optional("cpu") { cpu = try CPU(member) }
        if let member = try reader.optional("blockIO") { blockIO = try BlockIO(member) }
        if let member = try reader.optional("pids") { pids = try Pids(member) }
        hugepageLimits = try reader.list("hugepageLimits") { item throws(JSONError) in
            try HugepageLimit(item)
        }
        if let member = try reader.optional("network") { network = try Network(member) }
        for (name, value) in try reader.map("rdma") { rdma.append(try RDMALimit(name, value)) }
        for (name, value) in try reader.map("unified") {
            var file = UnifiedFile()
            file.name = name
            file.value = try value.string()
            unified.append(file)
        }
    }
}

extension Resources.DeviceRule {
    init(_ reader: JSONReader) throws(JSONError) {
        allow = try reader.required("allow").boolean()
        type = try reader.choice("type", Kind.self) ?? .all
        major = try Self.deviceNumber(reader, "major")
        minor = try Self.deviceNumber(reader, "minor")
        access = try reader.text("access") ?? ""
    }

    /// A device number, where -1 is the older way to say "all".
    private static func deviceNumber(_ reader: JSONReader, _ name: String) throws(JSONError) -> Int64? {
        let number = try reader.optional(name)?.integer(in: -1...Int64(UInt32.max))
        return number == -1 ? nil : number
    }
}

extension Resources.Memory {
    init(_ reader: JSONReader) throws(JSONError) {
        limit = try reader.optional("limit")?.integer()
        reservation = try reader.optional("reservation")?.integer()
        swap = try reader.optional("swap")?.integer()
        kernel = try reader.optional("kernel")?.integer()
        kernelTCP = try reader.optional("kernelTCP")?.integer()
        // Docker converts its -1, which means unset, to a number without sign.
        swappiness = try reader.optional("swappiness")?.unsigned()
        if swappiness == UInt64.max { swappiness = nil }
        disableOOMKiller = try reader.optional("disableOOMKiller")?.boolean()
        useHierarchy = try reader.optional("useHierarchy")?.boolean()
        checkBeforeUpdate = try reader.optional("checkBeforeUpdate")?.boolean()
    }
}

extension Resources.CPU {
    init(_ reader: JSONReader) throws(JSONError) {
        shares = try reader.optional("shares")?.unsigned()
        quota = try reader.optional("quota")?.integer()
        burst = try reader.optional("burst")?.unsigned()
        period = try reader.optional("period")?.unsigned()
        realtimeRuntime = try reader.optional("realtimeRuntime")?.integer()
        realtimePeriod = try reader.optional("realtimePeriod")?.unsigned()
        cpus = try reader.text("cpus")
        mems = try reader.text("mems")
        idle = try reader.optional("idle")?.integer()
    }
}

extension Resources.BlockIO {
    init(_ reader: JSONReader) throws(JSONError) {
        weight = try Self.weight(reader, "weight")
        leafWeight = try Self.weight(reader, "leafWeight")
        weightDevice = try reader.list("weightDevice") { item throws(JSONError) in
            try Resources.WeightDevice(item)
        }
        throttleReadBpsDevice = try Self.throttles(reader, "throttleReadBpsDevice")
        throttleWriteBpsDevice = try Self.throttles(reader, "throttleWriteBpsDevice")
        throttleReadIOPSDevice = try Self.throttles(reader, "throttleReadIOPSDevice")
        throttleWriteIOPSDevice = try Self.throttles(reader, "throttleWriteIOPSDevice")
    }

    /// A weight, where Docker writes 0 for one that is not set.
    private static func weight(_ reader: JSONReader, _ name: String) throws(JSONError) -> UInt16? {
        let weight = try reader.optional(name)?.uint16()
        return weight == 0 ? nil : weight
    }

    private static func throttles(
        _ reader: JSONReader, _ name: String
    ) throws(JSONError) -> [Resources.ThrottleDevice] {
        try reader.list(name) { item throws(JSONError) in try Resources.ThrottleDevice(item) }
    }
}

extension Resources.WeightDevice {
    init(_ reader: JSONReader) throws(JSONError) {
        major = try reader.required("major").integer()
        minor = try reader.required("minor").integer()
        weight = try reader.optional("weight")?.uint16()
        leafWeight = try reader.optional("leafWeight")?.uint16()
    }
}

extension Resources.ThrottleDevice {
    init(_ reader: JSONReader) throws(JSONError) {
        major = try reader.required("major").integer()
        minor = try reader.required("minor").integer()
        rate = try reader.required("rate").unsigned()
    }
}

extension Resources.Pids {
    init(_ reader: JSONReader) throws(JSONError) { limit = try reader.optional("limit")?.integer() }
}

extension Resources.HugepageLimit {
    init(_ reader: JSONReader) throws(JSONError) {
        pageSize = try reader.required("pageSize").string()
        limit = try reader.required("limit").unsigned()
    }
}

extension Resources.Network {
    init(_ reader: JSONReader) throws(JSONError) {
        classID = try reader.optional("classID")?.uint32()
        priorities = try reader.list("priorities") { item throws(JSONError) in
            try Resources.InterfacePriority(item)
        }
    }
}

extension Resources.InterfacePriority {
    init(_ reader: JSONReader) throws(JSONError) {
        name = try reader.required("name").string()
        priority = try reader.required("priority").uint32()
    }
}

extension Resources.RDMALimit {
    init(_ name: String, _ reader: JSONReader) throws(JSONError) {
        device = name
        hcaHandles = try reader.optional("hcaHandles")?.uint32()
        hcaObjects = try reader.optional("hcaObjects")?.uint32()
    }
}
