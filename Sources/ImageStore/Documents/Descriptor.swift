internal import JSON

/// A pointer to a blob. OCI image-spec, descriptor.md.
struct Descriptor: Hashable, Sendable {
    var mediaType: String
    var digest: ContentDigest
    /// Bytes.
    var size: Int64
    var platform: Platform?
    var annotations: [String: String] = [:]
}

extension Descriptor {
    init(_ reader: JSONReader) throws(JSONError) {
        mediaType = try reader.optional("mediaType")?.string() ?? ""
        digest = try reader.required("digest").digest()
        size = try reader.required("size").integer(in: 0...Int64.max)
        if let place = try reader.optional("platform") { platform = try Platform(place) }
        annotations = try reader.optional("annotations")?.stringMap() ?? [:]
    }

    var json: JSONValue {
        var object = JSONObject()
        object.set("mediaType", mediaType)
        object.set("digest", "\(digest)")
        object.set("size", size)
        if let platform {
            var place = JSONObject()
            place.set("architecture", platform.architecture)
            place.set("os", platform.os)
            if !platform.variant.isEmpty { place.set("variant", platform.variant) }
            object.set("platform", place)
        }
        object.set("annotations", annotations)
        return object.value
    }
}

extension JSONReader {
    /// A digest this store can check.
    func digest() throws(JSONError) -> ContentDigest {
        let text = try string()
        guard let digest = ContentDigest(text) else {
            throw notAllowed("'\(text)' is not sha256: and 64 digits of base 16, the only digest supported")
        }
        return digest
    }
}
