package import JSON

/// A directory of the engine's own which containers mount, and which outlives them: `volume.json`.
package struct Volume: Hashable, Sendable {
    package var name: String
    /// Nanoseconds since 1970.
    package var created: Int64
    package var labels: [String: String] = [:]
    /// Named by the engine: goes with its container, and with `prune`.
    package var isAnonymous = false
    /// No container has had it yet: the first one fills it with what its image has at the place.
    package var isFresh = true
    /// Members a newer version wrote.
    package var others: [JSONValue.Member] = []

    package init(name: String, created: Int64) { (self.name, self.created) = (name, created) }

    /// Reads `volume.json`.
    package init(_ value: JSONValue) throws(JSONError) {
        var reader = try RecordReader(value)
        name = try reader.required("name").string()
        created = try reader.required("created").integer()
        labels = try reader.map("labels")
        isAnonymous = try reader.flag("anonymous")
        isFresh = try reader.flag("fresh")
        others = reader.rest
    }

    /// What `volume.json` has.
    package var value: JSONValue {
        var object = JSONObject()
        object.set("name", name)
        object.set("created", created)
        object.set("labels", labels)
        object.setFlag("anonymous", isAnonymous)
        object.setFlag("fresh", isFresh)
        object.setRest(others)
        return object.value
    }
}
