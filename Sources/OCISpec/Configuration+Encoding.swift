public import JSON

// What the documents' decoders read, written back. Absent stays absent, lists that are empty are left out,
// so decoding what was written gives an equal value.
extension Configuration {
    /// The document.
    public var json: JSONValue {
        var object = JSONObject()
        object.set("ociVersion", ociVersion)
        object.set("process", process?.json)
        object.set("root", root.json)
        object.set("hostname", hostname)
        object.set("domainname", domainname)
        object.set("mounts", mounts) { $0.json }
        if hooks != Hooks() { object.set("hooks", hooks.json) }
        object.set("annotations", annotations)
        object.set("linux", linux.json)
        return object.value
    }
}

extension Root {
    var json: JSONValue {
        var object = JSONObject()
        object.set("path", path)
        if readonly { object.set("readonly", true) }
        return object.value
    }
}

extension Mount {
    var json: JSONValue {
        var object = JSONObject()
        object.set("destination", destination)
        object.set("type", type.isEmpty ? nil : type)
        object.set("source", source.isEmpty ? nil : source)
        object.set("options", options)
        object.set("uidMappings", uidMappings) { $0.json }
        object.set("gidMappings", gidMappings) { $0.json }
        return object.value
    }
}

extension IDMapping {
    var json: JSONValue {
        var object = JSONObject()
        object.set("containerID", containerID)
        object.set("hostID", hostID)
        object.set("size", size)
        return object.value
    }
}

extension Hooks {
    /// The `hooks` object.
    public var json: JSONValue {
        var object = JSONObject()
        object.set("prestart", prestart) { $0.json }
        object.set("createRuntime", createRuntime) { $0.json }
        object.set("createContainer", createContainer) { $0.json }
        object.set("startContainer", startContainer) { $0.json }
        object.set("poststart", poststart) { $0.json }
        object.set("poststop", poststop) { $0.json }
        return object.value
    }
}

extension Hook {
    var json: JSONValue {
        var object = JSONObject()
        object.set("path", path)
        object.set("args", args)
        object.set("env", env)
        object.set("timeout", timeout)
        return object.value
    }
}
