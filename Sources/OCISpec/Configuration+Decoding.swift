public import JSON

// Decoding checks the form: types, ranges of numbers, known words, members that must be there. What values
// mean together is checked by `validate()`. Unknown members are skipped (config.md, "Extensibility").
extension Configuration {
    /// Reads a whole `config.json`.
    ///
    /// - Throws: ``JSONError`` naming the first value which has not the form of the specification.
    public init(decoding reader: JSONReader) throws(JSONError) {
        ociVersion = try reader.required("ociVersion").string()
        if let member = try reader.optional("process") { process = try Process(decoding: member) }
        root = try Root(reader.required("root"))
        hostname = try reader.text("hostname")
        domainname = try reader.text("domainname")
        mounts = try reader.list("mounts") { member throws(JSONError) in try Mount(member) }
        if let member = try reader.optional("hooks") { hooks = try Hooks(decoding: member) }
        if let member = try reader.optional("annotations") { annotations = try member.stringMap() }
        if let member = try reader.optional("linux") { linux = try Linux(member) }
    }
}

extension Root {
    init(_ reader: JSONReader) throws(JSONError) {
        path = try reader.required("path").string()
        readonly = try reader.flag("readonly")
    }
}

extension Mount {
    init(_ reader: JSONReader) throws(JSONError) {
        destination = try reader.required("destination").string()
        type = try reader.text("type") ?? ""
        source = try reader.text("source") ?? ""
        options = try reader.strings("options")
        uidMappings = try reader.list("uidMappings") { item throws(JSONError) in try IDMapping(item) }
        gidMappings = try reader.list("gidMappings") { item throws(JSONError) in try IDMapping(item) }
    }
}

extension IDMapping {
    init(_ reader: JSONReader) throws(JSONError) {
        containerID = try reader.required("containerID").uint32()
        hostID = try reader.required("hostID").uint32()
        size = try reader.required("size").uint32()
    }
}

extension Hooks {
    /// Reads the `hooks` object.
    public init(decoding reader: JSONReader) throws(JSONError) {
        prestart = try Self.hooks(reader, "prestart")
        createRuntime = try Self.hooks(reader, "createRuntime")
        createContainer = try Self.hooks(reader, "createContainer")
        startContainer = try Self.hooks(reader, "startContainer")
        poststart = try Self.hooks(reader, "poststart")
        poststop = try Self.hooks(reader, "poststop")
    }

    private static func hooks(_ reader: JSONReader, _ name: String) throws(JSONError) -> [Hook] {
        try reader.list(name) { item throws(JSONError) in try Hook(item) }
    }
}

extension Hook {
    init(_ reader: JSONReader) throws(JSONError) {
        path = try reader.required("path").string()
        args = try reader.strings("args")
        env = try reader.strings("env")
        timeout = try reader.optional("timeout").map { value throws(JSONError) in
            Int(try value.integer(in: Int64(Int32.min)...Int64(Int32.max)))
        }
    }
}
