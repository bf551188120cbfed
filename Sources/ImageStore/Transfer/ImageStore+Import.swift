package import Kernel

extension ImageStore {
    /// Makes an image of one layer out of the archive of a root file system.
    ///
    /// `configuration`: what containers of it inherit; its layers and history are filled in.
    package func importRoot(
        _ file: consuming FileDescriptor, called source: String, name: ImageReference?,
        configuration: ImageConfiguration
    ) throws(ImageError) -> AddedImage {
        var file = Optional(file)
        return try tidily { () throws(ImageError) in
            guard let file = file.take() else { throw .unknown(source) }
            // Stored without compression: its digest is the diff_id then, and it is read once.
            let bytes = CheckedSource(try stream(file, source), limit: limits.archiveBytes)
            let layer = try blobs.add(source) { () throws(ImageError) in try bytes.read(upTo: 1 << 18) }
            try bytes.finish()
            try checkComplete(layer, source)
            var configuration = configuration
            let step = ImageConfiguration.History(created: configuration.created, comment: "imported")
            (configuration.diffIDs, configuration.history) = ([layer.digest], [step])
            let manifest = Manifest(
                configuration: Descriptor(
                    try blobs.add(configuration.bytes, "configuration"), MediaType.configuration),
                layers: [Descriptor(layer, MediaType.layer(.none))])
            let candidate = ImageCandidate(
                document: manifest.bytes, manifest: manifest, names: name.map { [$0] } ?? [])
            let added = try enter([candidate], source)
            return added[0]
        }
    }

    /// No digest says what the archive should be: all there is to tell that it is complete is its end mark.
    private func checkComplete(_ layer: BlobStore.Stored, _ source: String) throws(ImageError) {
        var tar = TarReader(
            FileSource(try blobs.open(layer.digest), name: source), needsEndMark: true)
        while try tar.next() != nil {}
    }
}
