public import JSON

extension Seccomp {
    /// The `seccomp` object.
    public var json: JSONValue {
        var object = JSONObject()
        object.set("defaultAction", defaultAction.rawValue)
        object.set("defaultErrnoRet", defaultErrnoRet)
        object.set("architectures", architectures) { .string($0.rawValue) }
        // An empty list is not the same as none here.
        object.set("flags", flags.map { .array($0.map { .string($0.rawValue) }) })
        object.set("listenerPath", listenerPath)
        object.set("listenerMetadata", listenerMetadata)
        object.set("syscalls", syscalls) { $0.json }
        return object.value
    }
}

extension Seccomp.Rule {
    var json: JSONValue {
        var object = JSONObject()
        object.set("names", .array(names.map { .string($0) }))
        object.set("action", action.rawValue)
        object.set("errnoRet", errnoRet)
        object.set("args", args) { $0.json }
        return object.value
    }
}

extension Seccomp.Argument {
    var json: JSONValue {
        var object = JSONObject()
        object.set("index", index)
        object.set("value", value)
        if valueTwo != 0 { object.set("valueTwo", valueTwo) }
        object.set("op", op.rawValue)
        return object.value
    }
}
