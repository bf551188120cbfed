internal import JSON

/// An image of one platform: a configuration and layers, the lowest first. OCI image-spec, manifest.md; Docker's schema 2.
struct Manifest: Hashable, Sendable {
    var configuration: Descriptor
    var layers: [Descriptor]

    init(configuration: Descriptor, layers: [Descriptor]) {
        (self.configuration, self.layers) = (configuration, layers)
    }

    init(_ reader: JSONReader) throws(JSONError) {
        configuration = try Descriptor(reader.required("config"))
        guard configuration.mediaType.isEmpty || MediaType.configurations.contains(configuration.mediaType)
        else {
            throw try reader.required("config").notAllowed(
                "'\(configuration.mediaType)' is no container image (an artifact, or a chart?)")
        }
        layers = []
        for element in try reader.required("layers").elements() {
            let layer = try Descriptor(element)
            guard layer.mediaType.isEmpty || MediaType.isLayer(layer.mediaType) else {
                throw element.notAllowed("'\(layer.mediaType)' is no layer of a file system")
            }
            layers.append(layer)
        }
    }

    /// The document, always the same for the same manifest.
    var bytes: [UInt8] {
        var object = JSONObject()
        object.set("schemaVersion", 2)
        object.set("mediaType", MediaType.manifest)
        object.set("config", configuration.json)
        // Also when there is none: the member is required.
        object.set("layers", JSONValue.array(layers.map(\.json)))
        return Array(object.value.text.utf8)
    }
}

/// A list of images, one for each platform or name. OCI image-spec, image-index.md; Docker's manifest list.
struct ImageIndex: Hashable, Sendable {
    var manifests: [Descriptor]

    init(manifests: [Descriptor]) { self.manifests = manifests }

    init(_ reader: JSONReader) throws(JSONError) {
        manifests = []
        for element in try reader.required("manifests").elements() {
            manifests.append(try Descriptor(element))
        }
    }

    /// The entry which suits `platform` best; among equals the first.
    func best(for platform: Platform) -> Descriptor? {
        var best: (descriptor: Descriptor, suitability: Int)?
        for manifest in manifests {
            guard let place = manifest.platform, let suitability = platform.suitability(of: place),
                suitability > best?.suitability ?? -1
            else { continue }
            best = (manifest, suitability)
        }
        // Without a word about platforms there is nothing to choose: the configuration will tell.
        return best?.descriptor ?? (manifests.count == 1 && manifests[0].platform == nil ? manifests[0] : nil)
    }

    /// For error text.
    var platforms: [String] { manifests.compactMap { $0.platform?.description } }
}

/// A manifest or an index, which tells by its content what it is.
enum ImageDocument: Hashable, Sendable {
    case manifest(Manifest)
    case index(ImageIndex)

    init(_ bytes: [UInt8], _ name: String) throws(ImageError) {
        self = try reading(name) { () throws(JSONError) in
            let reader = JSONReader(try JSONValue(parsing: bytes))
            if try reader.optional("schemaVersion")?.integer() == 1 {
                throw reader.notAllowed("Docker's image manifest schema 1 is not supported")
            }
            let hasManifests = try reader.optional("manifests") != nil
            let hasLayers = try reader.optional("layers") != nil
            // Read as one by us and as the other by somebody else, it would be two images (CVE-2021-41190).
            if hasManifests && hasLayers { throw reader.notAllowed("it is a manifest and an index at once") }
            return hasManifests ? .index(try ImageIndex(reader)) : .manifest(try Manifest(reader))
        }
    }
}
