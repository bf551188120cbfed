public import JSON

extension State {
    /// The document.
    public var json: JSONValue {
        var object = JSONObject()
        object.set("ociVersion", ociVersion)
        object.set("id", id)
        object.set("status", status)
        object.set("pid", pid)
        object.set("bundle", bundle)
        object.set("annotations", annotations)
        return object.value
    }

    /// Reads the document.
    ///
    /// - Throws: ``JSONError`` naming the first value which has not the form of the specification.
    public init(decoding reader: JSONReader) throws(JSONError) {
        ociVersion = try reader.required("ociVersion").string()
        id = try reader.required("id").string()
        status = try reader.required("status").string()
        pid = try reader.optional("pid")?.int32()
        bundle = try reader.required("bundle").string()
        annotations = try reader.optional("annotations")?.stringMap() ?? [:]
    }
}

extension ContainerProcessState {
    /// The document.
    public var json: JSONValue {
        var object = JSONObject()
        object.set("ociVersion", ociVersion)
        object.set("fds", fds)
        object.set("pid", pid)
        object.set("metadata", metadata)
        object.set("state", state.json)
        return object.value
    }
}
