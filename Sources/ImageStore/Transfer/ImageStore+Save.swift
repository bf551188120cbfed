internal import JSON
package import Kernel

extension ImageStore {
    /// Writes images to an archive: an OCI layout which has Docker's manifest.json, too, so that every Docker can load it.
    ///
    /// `references`: names or IDs. The same images give the same bytes.
    package func save(
        _ references: [String], to file: consuming FileDescriptor, called target: String
    ) throws(ImageError) {
        var file = Optional(file)
        // Nobody removes what is being written.
        try adding { () throws(ImageError) in
            guard let file = file.take() else { return }
            let images = try saved(references)
            let archive = TarWriter(file, name: target)
            try archive.addDirectory("blobs/")
            try archive.addDirectory("blobs/sha256/")
            var blobs: [ContentDigest: Int64] = [:]
            for image in images {
                blobs[image.descriptor.digest] = image.descriptor.size
                for blob in [image.manifest.configuration] + image.manifest.layers {
                    blobs[blob.digest] = blob.size
                }
            }
            for (digest, size) in blobs.sorted(by: { $0.key < $1.key }) { try add(digest, size, to: archive) }
            try archive.add("index.json", Self.index(of: images))
            try archive.add("manifest.json", Self.dockerManifest(of: images))
            try archive.add("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
            try archive.finish()
        }
    }

    /// Writes images to an archive at `path`, which is there as a whole or not at all.
    package func save(_ references: [String], to path: String) throws(ImageError) {
        let draft = path + ".part"
        do throws(ImageError) {
            let file = try step("write \(draft)") { () throws(SystemError) in
                try FileDescriptor.open(draft, [.create, .truncate, .writeOnly, .noFollow], mode: 0o600)
            }
            try save(references, to: file, called: draft)
            try step("write \(path)") { () throws(SystemError) in try renameFile(draft, to: path) }
        } catch {
            do throws(SystemError) { try removeFileIfPresent(draft) } catch {}
            throw error
        }
    }

    private func add(
        _ digest: ContentDigest, _ size: Int64, to archive: borrowing TarWriter
    ) throws(ImageError) {
        let source = CheckedSource(
            FileSource(try blobs.open(digest), name: blobs.path(digest)), limit: size)
        try archive.add("blobs/sha256/\(digest.hex)", size: size, source)
        guard try source.digest() == digest else {
            throw .archive(blobs.path(digest), entry: "", reason: "the stored blob is damaged")
        }
    }
}

extension ImageStore {
    private struct Saved {
        var descriptor: Descriptor
        var manifest: Manifest
        var diffIDs: [ContentDigest]
        var names: [ImageReference]
    }

    /// The images, each once; a name that was asked for is saved with it, an ID brings all names the image has.
    private func saved(_ references: [String]) throws(ImageError) -> [Saved] {
        let table = try table()
        var images: [Saved] = []
        for text in references {
            let image = try table.find(text)
            let reference = try? ImageReference(text)
            var names: [ImageReference] = []
            for name in table.names(of: image.manifest) { names.append(try ImageReference(name)) }
            names.removeAll { $0.tag == nil }
            if let reference, names.contains(reference) { names = [reference] }
            if let known = images.firstIndex(where: { $0.descriptor.digest == image.manifest }) {
                images[known].names += names.filter { !images[known].names.contains($0) }
                continue
            }
            images.append(try saved(image, names))
        }
        return images
    }

    private func saved(
        _ image: ReferenceTable.Image, _ names: [ImageReference]
    ) throws(ImageError) -> Saved {
        let bytes = try blobs.document(image.manifest)
        let manifest = try manifest(image.manifest)
        let configuration = try configuration(image.id)
        var descriptor = Descriptor(
            mediaType: MediaType.of(bytes), digest: image.manifest, size: Int64(bytes.count))
        descriptor.platform = configuration.platform
        return Saved(descriptor: descriptor, manifest: manifest, diffIDs: configuration.diffIDs, names: names)
    }

    private static func index(of images: [Saved]) -> [UInt8] {
        var entries: [JSONValue] = []
        for image in images {
            var descriptor = image.descriptor
            if image.names.isEmpty { entries.append(descriptor.json) }
            for name in image.names {
                descriptor.annotations = [
                    "io.containerd.image.name": name.canonical,
                    "org.opencontainers.image.ref.name": name.tag ?? "",
                ]
                entries.append(descriptor.json)
            }
        }
        var object = JSONObject()
        object.set("schemaVersion", 2)
        object.set("mediaType", MediaType.index)
        object.set("manifests", JSONValue.array(entries))
        return Array(object.value.text.utf8)
    }

    private static func dockerManifest(of images: [Saved]) -> [UInt8] {
        let entries = images.map { image -> JSONValue in
            var sources = JSONObject()
            for (layer, diffID) in zip(image.manifest.layers, image.diffIDs) where !sources.has("\(diffID)") {
                sources.set("\(diffID)", layer.json)
            }
            var object = JSONObject()
            object.set("Config", "blobs/sha256/\(image.manifest.configuration.digest.hex)")
            object.set("RepoTags", JSONValue.array(image.names.map { .string($0.familiar) }))
            object.set(
                "Layers",
                JSONValue.array(image.manifest.layers.map { .string("blobs/sha256/\($0.digest.hex)") }))
            object.set("LayerSources", sources)
            return object.value
        }
        return Array(JSONValue.array(entries).text.utf8)
    }
}

extension JSONObject {
    fileprivate func has(_ name: String) -> Bool {
        guard case .object(let members) = value else { return false }
        return members.contains { $0.name == name }
    }
}
