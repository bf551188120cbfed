internal import JSON
internal import Kernel

/// All there is to know about an image.
package struct ImageDetails: Hashable, Sendable {
    /// The digest of the configuration.
    package let id: ContentDigest
    package let manifest: ContentDigest
    /// Names with a tag, as a person types them, sorted.
    package let tags: [String]
    /// Names with the digest a registry gave, sorted.
    package let digests: [String]
    /// Bytes of the unpacked layers.
    package let size: Int64
    package let configuration: ImageConfiguration
    /// The names of the layers in the store, the lowest first.
    package let chain: [ContentDigest]
}

extension ImageStore {
    /// All images, in the order in which they came.
    package func images() throws(ImageError) -> [ImageDetails] {
        let table = try table()
        var all: [ImageDetails] = []
        for image in table.images { all.append(try details(image, table)) }
        return all
    }

    /// The image with a name, an ID, or the beginning of an ID, which no other one has.
    package func image(_ text: String) throws(ImageError) -> ImageDetails {
        let table = try table()
        return try details(try table.find(text), table)
    }

    /// Gives the image `text` a further name, which another one loses.
    package func tag(_ text: String, as name: ImageReference) throws(ImageError) {
        guard name.digest == nil else {
            throw .invalidReference(name.familiar, reason: "a digest cannot be given, only found")
        }
        try adding { () throws(ImageError) in
            try changeTable { table throws(ImageError) in table.add(try table.find(text), [name]) }
        }
    }

    /// Bytes of each unpacked layer of an image, the lowest one first; 0 for one which has gone missing.
    package func layerSizes(of image: ImageDetails) throws(ImageError) -> [Int64] {
        var sizes: [Int64] = []
        for layer in image.chain { sizes.append(try layers.record(layer)?.size ?? 0) }
        return sizes
    }

    private func details(
        _ image: ReferenceTable.Image, _ table: ReferenceTable
    ) throws(ImageError) -> ImageDetails {
        let configuration = try configuration(image.id)
        let chain = ContentDigest.chain(of: configuration.diffIDs)
        var size: Int64 = 0
        for layer in chain { size += try layers.record(layer)?.size ?? 0 }
        var (tags, digests): ([String], [String]) = ([], [])
        for name in table.names(of: image.manifest) {
            let reference = try ImageReference(name)
            if reference.tag == nil {
                digests.append(reference.familiar)
            } else {
                tags.append(reference.familiar)
            }
        }
        return ImageDetails(
            id: image.id, manifest: image.manifest, tags: tags.sorted(), digests: digests.sorted(),
            size: size, configuration: configuration, chain: chain)
    }
}
