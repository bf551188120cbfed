internal import JSON
internal import Kernel

/// An image which has just come into the store.
package struct AddedImage: Hashable, Sendable {
    /// The digest of the configuration.
    package let id: ContentDigest
    package let manifest: ContentDigest
    /// The names it has got, as a person types them; empty when it has none.
    package let names: [String]
    /// What it is made for, which may be another machine than this.
    package let platform: Platform
}

// How an image comes into the store, wherever it is from.
extension ImageStore {
    /// Runs `body`, which adds images, and removes what was added in vain, unless somebody else is adding.
    func tidily<Value>(_ body: () throws(ImageError) -> Value) throws(ImageError) -> Value {
        defer { tidy() }
        return try adding(body)
    }

    private func tidy() {
        // The image is there, or it is not, for a reason of its own: what cannot be removed now, the next prune removes.
        do throws(ImageError) {
            _ = try alone(wait: false) { () throws(ImageError) in
                try removeLeftovers()
                return try collectGarbage()
            }
        } catch {}
    }

    /// Unpacks the layers of images whose blobs are in the store, and gives them their names. Called within ``tidily(_:)``.
    ///
    /// All of them or none: only the last step makes any of it visible.
    func enter(_ candidates: [ImageCandidate], _ source: String) throws(ImageError) -> [AddedImage] {
        var added: [AddedImage] = []
        for candidate in candidates {
            let configuration = try configuration(candidate.manifest.configuration.digest)
            try unpack(candidate.manifest, configuration, source)
            let stored = try blobs.add(candidate.document, "manifest")
            added.append(
                AddedImage(
                    id: candidate.manifest.configuration.digest, manifest: stored.digest,
                    names: candidate.names.map(\.familiar), platform: configuration.platform))
        }
        try blobs.synchronize()
        try changeTable { table throws(ImageError) in
            for (image, candidate) in zip(added, candidates) {
                table.add(.init(manifest: image.manifest, id: image.id), candidate.names)
            }
        }
        return added
    }

    /// The configuration which is in the store with this digest.
    func configuration(_ digest: ContentDigest) throws(ImageError) -> ImageConfiguration {
        let bytes = try blobs.document(digest)
        return try reading("configuration \(digest.short)") { () throws(JSONError) in
            try ImageConfiguration(JSONReader(try JSONValue(parsing: bytes)))
        }
    }

    /// The manifest which is in the store with this digest.
    func manifest(_ digest: ContentDigest) throws(ImageError) -> Manifest {
        guard
            case .manifest(let manifest) = try ImageDocument(
                blobs.document(digest), "manifest \(digest.short)")
        else { throw .archive(blobs.path(digest), entry: "", reason: "it is an index, not a manifest") }
        return manifest
    }

    /// Makes those layers of an image which are not there yet.
    func unpack(
        _ manifest: Manifest, _ configuration: ImageConfiguration, _ source: String
    ) throws(ImageError) {
        guard manifest.layers.count == configuration.diffIDs.count else {
            throw .archive(
                source, entry: "configuration \(manifest.configuration.digest.short)",
                reason: "it has \(configuration.diffIDs.count) diff_ids for \(manifest.layers.count) layers")
        }
        let chain = ContentDigest.chain(of: configuration.diffIDs)
        for (index, layer) in manifest.layers.enumerated() {
            let diffID = configuration.diffIDs[index]
            _ = try layers.make(chain[index]) { directory throws(ImageError) in
                try unpack(
                    layer.digest, into: directory, diffID: diffID, "\(source), layer \(layer.digest.short)")
            }
        }
    }

    private func unpack(
        _ blob: ContentDigest, into directory: consuming FileDescriptor, diffID: ContentDigest,
        _ name: String
    ) throws(ImageError) -> LayerStore.Record {
        let source = CheckedSource(
            try unpacked(try blobs.open(blob), name: name), limit: limits.archiveBytes)
        var unpacker = LayerUnpacker(
            TarReader(source, needsEndMark: false), into: directory, limits: limits)
        let facts = try unpacker.run()
        let found = try source.digest()
        guard found == diffID else {
            throw .archive(name, entry: "", reason: "its diff_id is \(found), not \(diffID)")
        }
        return LayerStore.Record(diffID: diffID, size: facts.bytes)
    }
}

/// What `file` holds, which may be compressed, unpacked. It can be read at any position.
func unpacked(_ file: consuming FileDescriptor, name: String) throws(ImageError) -> any ByteSource {
    let prefix: [UInt8]
    do throws(SystemError) { prefix = try file.read(upTo: Compression.prefixLength, at: 0) } catch {
        throw .system(step: "read \(name)", reason: "\(error)")
    }
    guard let program = Compression(prefix: prefix).program else { return FileSource(file, name: name) }
    return try ProgramSource(file, program, name: name)
}
