public import JSON

extension Seccomp {
    /// Reads the `seccomp` object.
    public init(decoding reader: JSONReader) throws(JSONError) {
        defaultAction = try reader.required("defaultAction").choice(Action.self)
        defaultErrnoRet = try reader.optional("defaultErrnoRet")?.uint32()
        architectures = try reader.choices("architectures", Architecture.self)
        if try reader.optional("flags") != nil { flags = try reader.choices("flags", Flag.self) }
        listenerPath = try reader.text("listenerPath")
        listenerMetadata = try reader.text("listenerMetadata")
        syscalls = try reader.list("syscalls") { rule throws(JSONError) in try Rule(rule) }
    }
}

extension Seccomp.Rule {
    init(_ reader: JSONReader) throws(JSONError) {
        names = try reader.required("names").strings()
        action = try reader.required("action").choice(Seccomp.Action.self)
        errnoRet = try reader.optional("errnoRet")?.uint32()
        args = try reader.list("args") { item throws(JSONError) in try Seccomp.Argument(item) }
    }
}

extension Seccomp.Argument {
    init(_ reader: JSONReader) throws(JSONError) {
        index = try reader.required("index").uint32()
        value = try reader.required("value").unsigned()
        valueTwo = try reader.optional("valueTwo")?.unsigned() ?? 0
        op = try reader.required("op").choice(Seccomp.Operator.self)
    }
}
