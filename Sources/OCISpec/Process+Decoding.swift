public import JSON

extension Process {
    /// Reads the `process` object, or the file `exec --process` is given.
    ///
    /// - Throws: ``JSONError`` naming the first value which has not the form of the specification.
    public init(decoding reader: JSONReader) throws(JSONError) {
        terminal = try reader.flag("terminal")
        if let size = try reader.optional("consoleSize") { consoleSize = try ConsoleSize(size) }
        if let member = try reader.optional("user") { user = try User(member) }
        args = try reader.strings("args")
        env = try reader.strings("env")
        cwd = try reader.required("cwd").string()
        if let sets = try reader.optional("capabilities") { capabilities = try Capabilities(sets) }
        rlimits = try reader.list("rlimits") { item throws(JSONError) in try Rlimit(item) }
        noNewPrivileges = try reader.flag("noNewPrivileges")
        apparmorProfile = try reader.text("apparmorProfile")
        oomScoreAdj = try reader.optional("oomScoreAdj").map { value throws(JSONError) in
            Int(try value.int32())
        }
        selinuxLabel = try reader.text("selinuxLabel")
        if let member = try reader.optional("scheduler") { scheduler = try Scheduler(member) }
        if let member = try reader.optional("ioPriority") { ioPriority = try IOPriority(member) }
        if let member = try reader.optional("execCPUAffinity") {
            execCPUAffinity = try ExecCPUAffinity(member)
        }
    }
}

extension ConsoleSize {
    init(_ reader: JSONReader) throws(JSONError) {
        height = try reader.required("height").uint16()
        width = try reader.required("width").uint16()
    }
}

extension User {
    init(_ reader: JSONReader) throws(JSONError) {
        uid = try reader.optional("uid")?.uint32() ?? 0
        gid = try reader.optional("gid")?.uint32() ?? 0
        umask = try reader.optional("umask")?.uint32()
        additionalGids = try reader.list("additionalGids") { gid throws(JSONError) in try gid.uint32() }
    }
}

extension Capabilities {
    init(_ reader: JSONReader) throws(JSONError) {
        bounding = try reader.strings("bounding")
        effective = try reader.strings("effective")
        inheritable = try reader.strings("inheritable")
        permitted = try reader.strings("permitted")
        ambient = try reader.strings("ambient")
    }
}

extension Rlimit {
    init(_ reader: JSONReader) throws(JSONError) {
        type = try reader.required("type").string()
        soft = try reader.required("soft").unsigned()
        hard = try reader.required("hard").unsigned()
    }
}

extension Scheduler {
    init(_ reader: JSONReader) throws(JSONError) {
        policy = try reader.required("policy").choice(Policy.self)
        nice = try reader.optional("nice")?.int32() ?? 0
        priority = try reader.optional("priority")?.int32() ?? 0
        flags = try reader.choices("flags", Flag.self)
        runtime = try reader.optional("runtime")?.unsigned() ?? 0
        deadline = try reader.optional("deadline")?.unsigned() ?? 0
        period = try reader.optional("period")?.unsigned() ?? 0
    }
}

extension IOPriority {
    init(_ reader: JSONReader) throws(JSONError) {
        self.class = try reader.required("class").choice(Class.self)
        priority = try reader.optional("priority")?.int32() ?? 0
    }
}

extension ExecCPUAffinity {
    init(_ reader: JSONReader) throws(JSONError) {
        initial = try reader.text("initial")
        final = try reader.text("final")
    }
}
