internal import JSON
internal import Kernel

/// Which images there are and what they are called: the store's only mutable file.
///
/// An image without a name is kept until it is removed or pruned, as Docker keeps what it shows as `<none>`.
struct ReferenceTable: Hashable, Sendable {
    /// Canonical names, each with the digest of the image's manifest.
    var names: [String: ContentDigest] = [:]
    /// All images, in the order in which they came.
    var images: [Image] = []

    /// An image: its manifest, and its configuration's digest, which is its ID.
    struct Image: Hashable, Sendable {
        let manifest: ContentDigest
        let id: ContentDigest
    }

    init() {}

    /// Reads the document; `name` is for error text.
    init(_ bytes: [UInt8], _ name: String) throws(ImageError) {
        let (names, images) = try reading(name) { () throws(JSONError) in
            let reader = JSONReader(try JSONValue(parsing: bytes))
            var names: [String: ContentDigest] = [:]
            for (name, value) in try reader.optional("names")?.members() ?? [] {
                names[name] = try value.digest()
            }
            var images: [Image] = []
            for element in try reader.optional("images")?.elements() ?? [] {
                images.append(
                    Image(
                        manifest: try element.required("manifest").digest(),
                        id: try element.required("id").digest()))
            }
            return (names, images)
        }
        (self.names, self.images) = (names, images)
    }

    var bytes: [UInt8] {
        var object = JSONObject()
        object.set("names", names.mapValues { "\($0)" })
        object.set("images", images) { image in
            var entry = JSONObject()
            entry.set("manifest", "\(image.manifest)")
            entry.set("id", "\(image.id)")
            return entry.value
        }
        return Array((object.value.prettyText(indent: "  ") + "\n").utf8)
    }

    /// Adds an image, unless it is there, and gives it names; another image loses them.
    mutating func add(_ image: Image, _ references: [ImageReference]) {
        if !images.contains(image) { images.append(image) }
        for reference in references { names[reference.canonical] = image.manifest }
    }

    /// Removes an image and its names.
    mutating func remove(_ manifest: ContentDigest) {
        images.removeAll { $0.manifest == manifest }
        names = names.filter { $0.value != manifest }
    }

    /// The image somebody means with a name, an ID, or the beginning of an ID.
    func find(_ text: String) throws(ImageError) -> Image {
        if let digest = ContentDigest(text) {
            guard let image = images.first(where: { $0.id == digest || $0.manifest == digest }) else {
                throw .unknown(text)
            }
            return image
        }
        // A name comes before an ID which looks like it, as in Docker.
        if let reference = try? ImageReference(text) {
            let key = reference.digest.map { reference.at($0).canonical } ?? reference.canonical
            if let image = images.first(where: { $0.manifest == names[key] }) { return image }
        }
        let matches = Set(images.map(\.id).filter { !text.isEmpty && $0.hex.hasPrefix(text) }).sorted()
        guard matches.count <= 1 else { throw .ambiguous(text, matches: matches.map(\.short)) }
        guard let id = matches.first, let image = images.first(where: { $0.id == id }) else {
            // Not a name either: then that is what is wrong with it.
            _ = try ImageReference(text)
            throw .unknown(text)
        }
        return image
    }

    /// The canonical names of an image, sorted.
    func names(of manifest: ContentDigest) -> [String] {
        names.filter { $0.value == manifest }.map(\.key).sorted()
    }
}
