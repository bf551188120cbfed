package import JSON

extension ContainerRecord {
    /// Reads `record.json`.
    package init(_ value: JSONValue) throws(JSONError) {
        var reader = try RecordReader(value)
        id = try reader.required("id").string()
        name = try reader.required("name").string()
        created = try reader.required("created").integer()
        image = try reader.text("image")
        imageID = try reader.text("imageID")
        try readProcess(&reader)
        try readFiles(&reader)
        try readRights(&reader)
        try readLife(&reader)
        others = reader.rest
    }

    private mutating func readProcess(_ reader: inout RecordReader) throws(JSONError) {
        entrypoint = try reader.strings("entrypoint")
        arguments = try reader.strings("arguments")
        environment = try reader.strings("environment")
        workingDirectory = try reader.text("workingDirectory")
        user = try reader.text("user")
        groups = try reader.strings("groups")
        hostname = try reader.text("hostname")
        domainname = try reader.text("domainname")
        hasTerminal = try reader.flag("terminal")
        keepsInputOpen = try reader.flag("openInput")
        stopSignal = try reader.take("stopSignal")?.string() ?? stopSignal
        stopTimeout = try reader.number("stopTimeout").map { Int($0) }
        labels = try reader.map("labels")
        annotations = try reader.map("annotations")
    }

    private mutating func readFiles(_ reader: inout RecordReader) throws(JSONError) {
        mounts = try reader.list("mounts") { item throws(JSONError) in try Mount(&item) }
        hasReadOnlyRoot = try reader.flag("readOnly")
        sharedMemorySize = try reader.number("sharedMemorySize")
        devices = try reader.list("devices") { item throws(JSONError) in try Device(&item) }
    }

    private mutating func readRights(_ reader: inout RecordReader) throws(JSONError) {
        addedCapabilities = try reader.strings("addedCapabilities")
        droppedCapabilities = try reader.strings("droppedCapabilities")
        isPrivileged = try reader.flag("privileged")
        securityOptions = try reader.strings("securityOptions")
        if let member = reader.take("limits") { limits = try Limits(member) }
        ulimits = try reader.list("ulimits") { item throws(JSONError) in try Ulimit(&item) }
        sysctls = try reader.map("sysctls")
        if let member = reader.take("namespaces") { namespaces = try Namespaces(member) }
    }

    private mutating func readLife(_ reader: inout RecordReader) throws(JSONError) {
        if let member = reader.take("restart") { restart = try RestartPolicy(member) }
        removesItself = try reader.flag("autoRemove")
        logDriver = try reader.take("logDriver")?.string() ?? logDriver
        logOptions = try reader.map("logOptions")
        hasInit = try reader.flag("init")
        runtime = try reader.text("runtime")
        healthcheck = try reader.take("healthcheck").map { member throws(JSONError) in try Healthcheck(member)
        }
    }
}

extension ContainerRecord.Mount {
    init(_ reader: inout RecordReader) throws(JSONError) {
        kind = try reader.required("kind").choice(Kind.self)
        source = try reader.text("source")
        destination = try reader.required("destination").string()
        isReadOnly = try reader.flag("readOnly")
        options = try reader.strings("options")
        createsSource = try reader.flag("createSource")
        isAnonymous = try reader.flag("anonymous")
        isNotFilled = try reader.flag("noCopy")
        others = reader.rest
    }
}

extension ContainerRecord.Device {
    init(_ reader: inout RecordReader) throws(JSONError) {
        source = try reader.required("source").string()
        destination = try reader.required("destination").string()
        access = try reader.take("access")?.string() ?? access
    }
}

extension ContainerRecord.Ulimit {
    init(_ reader: inout RecordReader) throws(JSONError) {
        name = try reader.required("name").string()
        soft = try reader.required("soft").integer()
        hard = try reader.required("hard").integer()
    }
}

extension ContainerRecord.Limits {
    init(_ member: JSONReader) throws(JSONError) {
        var reader = try RecordReader(member)
        memory = try reader.number("memory")
        memoryAndSwap = try reader.number("memoryAndSwap")
        memoryReservation = try reader.number("memoryReservation")
        nanoCPUs = try reader.number("nanoCPUs")
        cpuShares = try reader.number("cpuShares")
        cpuPeriod = try reader.number("cpuPeriod")
        cpuQuota = try reader.number("cpuQuota")
        cpus = try reader.text("cpus")
        memoryNodes = try reader.text("memoryNodes")
        pids = try reader.number("pids")
        oomScoreAdjustment = try reader.number("oomScoreAdjustment")
        disablesOOMKiller = try reader.flag("disableOOMKiller")
        others = reader.rest
    }
}

extension ContainerRecord.Namespaces {
    init(_ member: JSONReader) throws(JSONError) {
        var reader = try RecordReader(member)
        pid = try reader.text("pid")
        ipc = try reader.text("ipc")
        uts = try reader.text("uts")
        cgroup = try reader.text("cgroup")
    }
}

extension ContainerRecord.RestartPolicy {
    init(_ member: JSONReader) throws(JSONError) {
        var reader = try RecordReader(member)
        kind = try reader.required("policy").choice(Kind.self)
        maximumRetries = Int(try reader.number("maximumRetries") ?? 0)
    }
}

extension ContainerRecord.Healthcheck {
    init(_ member: JSONReader) throws(JSONError) {
        var reader = try RecordReader(member)
        test = try reader.strings("test")
        interval = try reader.number("interval") ?? 0
        timeout = try reader.number("timeout") ?? 0
        startPeriod = try reader.number("startPeriod") ?? 0
        startInterval = try reader.number("startInterval") ?? 0
        retries = Int(try reader.number("retries") ?? 0)
    }
}
