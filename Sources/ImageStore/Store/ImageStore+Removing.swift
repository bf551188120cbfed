internal import JSON
internal import Kernel

/// Who uses an image, in words, for example `container web`.
package struct ImageUser: Hashable, Sendable {
    /// The image's ID.
    package let image: ContentDigest
    package let name: String
    /// Its files are open: not even by force may they go.
    package let isRunning: Bool

    package init(image: ContentDigest, name: String, isRunning: Bool) {
        (self.image, self.name, self.isRunning) = (image, name, isRunning)
    }
}

/// What removing has done.
package struct RemovedImages: Hashable, Sendable {
    /// Names which are gone, as a person types them.
    package var untagged: [String] = []
    /// IDs of images which are gone.
    package var deleted: [ContentDigest] = []
    /// Bytes which are free again. Fewer than expected when somebody adds images meanwhile: the next prune frees the rest.
    package var freedBytes: Int64 = 0
}

extension ImageStore {
    /// Removes the name `text`, and the image when it was the last one; by an ID the image with all its names.
    ///
    /// `force`: also by an ID with several names, and when a container which does not run uses it. Then the names go,
    /// and the files stay until that container is removed and the store pruned. `users` is asked while nobody becomes one,
    /// see ``holdNames()``.
    package func remove(
        _ text: String, users: () throws(ImageError) -> [ImageUser], force: Bool = false
    ) throws(ImageError) -> RemovedImages {
        var removed = try adding { () throws(ImageError) in
            try changeTable { table throws(ImageError) in
                try remove(text, from: &table, try users(), force)
            }
        }
        removed.freedBytes = try freed()
        return removed
    }

    /// Removes images which have no name, or with `all` every one nobody uses, and what no image needs.
    package func prune(
        all: Bool = false, users: () throws(ImageError) -> [ImageUser]
    ) throws(ImageError) -> RemovedImages {
        var removed = try adding { () throws(ImageError) in
            try changeTable { table throws(ImageError) in
                try removeUnused(from: &table, all: all, Set(try users().map(\.image)))
            }
        }
        removed.freedBytes = try freed()
        return removed
    }

    private func removeUnused(
        from table: inout ReferenceTable, all: Bool, _ used: Set<ContentDigest>
    ) throws(ImageError) -> RemovedImages {
        var removed = RemovedImages()
        for image in table.images where !used.contains(image.id) {
            let names = table.names(of: image.manifest)
            let tags = try tagged(names)
            guard all || tags.isEmpty else { continue }
            for name in names { removed.untagged.append(try ImageReference(name).familiar) }
            removed.deleted.append(image.id)
            table.remove(image.manifest)
        }
        return removed
    }

    private func freed() throws(ImageError) -> Int64 {
        try alone(wait: false) { () throws(ImageError) in
            try removeLeftovers()
            return try collectGarbage()
        } ?? 0
    }

    private func remove(
        _ text: String, from table: inout ReferenceTable, _ users: [ImageUser], _ force: Bool
    ) throws(ImageError) -> RemovedImages {
        let image = try table.find(text)
        var removed = RemovedImages()
        let names = table.names(of: image.manifest)
        let reference = try? ImageReference(text)
        let asked = reference.map(\.canonical).flatMap { table.names[$0] == image.manifest ? $0 : nil }
        // One of several names: the image stays, whoever uses it.
        if let asked, try tagged(names).contains(where: { $0.canonical != asked }) {
            table.names[asked] = nil
            return RemovedImages(untagged: [try ImageReference(asked).familiar])
        }
        let tags = try tagged(names)
        guard asked != nil || tags.count < 2 || force else {
            throw .severalNames(image: image.id.short, names: tags.map(\.familiar).sorted())
        }
        let own = users.filter { $0.image == image.id }
        guard own.isEmpty || (force && !own.contains { $0.isRunning }) else {
            throw .inUse(image: text, by: own.map(\.name).sorted())
        }
        for name in names { removed.untagged.append(try ImageReference(name).familiar) }
        if own.isEmpty {
            table.remove(image.manifest)
            removed.deleted.append(image.id)
        } else {
            table.names = table.names.filter { $0.value != image.manifest }
        }
        return removed
    }

    private func tagged(_ names: [String]) throws(ImageError) -> [ImageReference] {
        var tagged: [ImageReference] = []
        for name in names {
            let reference = try ImageReference(name)
            if reference.tag != nil { tagged.append(reference) }
        }
        return tagged
    }

    /// Removes blobs and layers which no image has. The caller has the store to himself. Answers how many bytes it was.
    func collectGarbage() throws(ImageError) -> Int64 {
        var (wantedBlobs, wantedLayers): (Set<ContentDigest>, Set<ContentDigest>) = ([], [])
        for image in try table().images {
            let manifest = try manifest(image.manifest)
            wantedBlobs.formUnion([image.manifest, image.id] + manifest.layers.map(\.digest))
            wantedLayers.formUnion(ContentDigest.chain(of: try configuration(image.id).diffIDs))
        }
        var freed: Int64 = 0
        for layer in try layers.list() where !wantedLayers.contains(layer) {
            freed += try layers.remove(layer)
        }
        for blob in try blobs.list() where !wantedBlobs.contains(blob) { freed += try blobs.remove(blob) }
        return freed
    }
}
