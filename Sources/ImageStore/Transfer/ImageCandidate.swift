internal import JSON

/// An image found in an archive or layout, which is not in the store yet; its blobs are.
struct ImageCandidate: Hashable, Sendable {
    /// The manifest's own bytes, on which its digest depends.
    var document: [UInt8]
    var manifest: Manifest
    /// Names the archive gives it.
    var names: [ImageReference]
}

/// Finds the images of an archive or layout, for one platform.
struct ImageSearch {
    let files: any ImageFiles
    let blobs: BlobStore
    let platform: Platform

    /// All images: of an OCI layout, of the manifest Docker writes, or of both.
    func images() throws(ImageError) -> [ImageCandidate] {
        var found: [ImageCandidate] = []
        if let index = try files.blob("index.json") {
            found = try layoutImages(try document(index, "index.json"))
        }
        if let list = try files.blob("manifest.json") {
            try addDockerImages(try document(list, "manifest.json"), to: &found)
        }
        guard !found.isEmpty else { throw .archive(files.name, entry: "", reason: try reasonForNothing()) }
        return found
    }

    private func reasonForNothing() throws(ImageError) -> String {
        for path in ["index.json", "manifest.json"] where try files.blob(path) != nil {
            return "there is no image in it"
        }
        if try files.blob("repositories") != nil {
            return "it was made by a Docker before 1.10, whose archives are not supported"
        }
        return
            "it has neither index.json nor manifest.json: it is no image (a root file system is imported, not loaded)"
    }

    private func document(_ stored: BlobStore.Stored, _ path: String) throws(ImageError) -> [UInt8] {
        guard stored.size <= 8 << 20 else {
            throw .archive(files.name, entry: path, reason: "a document of \(stored.size) bytes")
        }
        return try blobs.document(stored.digest)
    }
}

// OCI layouts. OCI image-spec, image-layout.md.
extension ImageSearch {
    private func layoutImages(_ bytes: [UInt8]) throws(ImageError) -> [ImageCandidate] {
        guard case .index(let index) = try ImageDocument(bytes, "\(files.name): index.json") else {
            throw .archive(files.name, entry: "index.json", reason: "it is no index")
        }
        var found: [ImageCandidate] = []
        var names: [String] = []
        for entry in index.manifests where !names.contains(Self.name(of: entry)) {
            let name = Self.name(of: entry)
            let alternatives = index.manifests.filter { Self.name(of: $0) == name }
            names.append(name)
            for descriptor in try chosen(alternatives, name) {
                var candidate = try image(descriptor, depth: 0)
                // A mere tag says nothing about what the image is called.
                if name.contains("/") || name.contains(":") { candidate.names = [try ImageReference(name)] }
                found.append(candidate)
            }
        }
        return found
    }

    /// Entries with one name are the same image for several platforms; those without are, when they say their platform.
    private func chosen(_ entries: [Descriptor], _ name: String) throws(ImageError) -> [Descriptor] {
        let images = entries.filter { $0.annotations["vnd.docker.reference.type"] == nil }
        if images.count < 2 || (name.isEmpty && images.contains { $0.platform == nil }) { return images }
        return [try best(of: images)]
    }

    private func best(of entries: [Descriptor]) throws(ImageError) -> Descriptor {
        let index = ImageIndex(manifests: entries)
        guard let best = index.best(for: platform) else {
            throw .noPlatform(image: files.name, wanted: "\(platform)", available: index.platforms)
        }
        return best
    }

    private static func name(of entry: Descriptor) -> String {
        entry.annotations["io.containerd.image.name"]
            ?? entry.annotations["org.opencontainers.image.ref.name"] ?? ""
    }

    /// The image behind a descriptor, through indexes in indexes.
    private func image(_ descriptor: Descriptor, depth: Int) throws(ImageError) -> ImageCandidate {
        let path = "blobs/sha256/\(descriptor.digest.hex)"
        let bytes = try document(try files.blob(descriptor), path)
        switch try ImageDocument(bytes, "\(files.name): \(path)") {
        case .manifest(let manifest):
            _ = try files.blob(manifest.configuration)
            for layer in manifest.layers { _ = try files.blob(layer) }
            return ImageCandidate(document: bytes, manifest: manifest, names: [])
        case .index(let index):
            guard depth < 4 else {
                throw .archive(files.name, entry: path, reason: "too many indexes in one another")
            }
            return try image(try best(of: index.manifests), depth: depth + 1)
        }
    }
}

// What `docker save` has written since 1.10. Docker's image specification 1.2.
extension ImageSearch {
    private struct DockerImage {
        var configuration: String
        var names: [String]
        var layers: [String]

        init(_ reader: JSONReader) throws(JSONError) {
            configuration = try reader.required("Config").string()
            names = try reader.optional("RepoTags")?.strings() ?? []
            layers = try reader.optional("Layers")?.strings() ?? []
        }
    }

    /// Adds the images of manifest.json; one which the layout has as well gets the names.
    private func addDockerImages(
        _ bytes: [UInt8], to found: inout [ImageCandidate]
    ) throws(ImageError) {
        let images = try reading("\(files.name): manifest.json") { () throws(JSONError) in
            var images: [DockerImage] = []
            for element in try JSONReader(try JSONValue(parsing: bytes)).elements() {
                images.append(try DockerImage(element))
            }
            return images
        }
        for image in images {
            let configuration = try required(image.configuration)
            var names: [ImageReference] = []
            for name in image.names { names.append(try ImageReference(name)) }
            if let known = found.firstIndex(where: {
                $0.manifest.configuration.digest == configuration.digest
            }) {
                found[known].names += names.filter { !found[known].names.contains($0) }
                continue
            }
            var layers: [Descriptor] = []
            for path in image.layers {
                let layer = try required(path)
                layers.append(Descriptor(layer, MediaType.layer(layer.compression)))
            }
            let manifest = Manifest(
                configuration: Descriptor(configuration, MediaType.configuration), layers: layers)
            found.append(ImageCandidate(document: manifest.bytes, manifest: manifest, names: names))
        }
    }

    private func required(_ path: String) throws(ImageError) -> BlobStore.Stored {
        guard let stored = try files.blob(path) else {
            throw .archive(files.name, entry: path, reason: "manifest.json names it, and it is missing")
        }
        return stored
    }
}

extension Descriptor {
    init(_ stored: BlobStore.Stored, _ mediaType: String) {
        (self.mediaType, digest, size) = (mediaType, stored.digest, stored.size)
    }
}
