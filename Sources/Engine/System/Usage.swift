internal import ImageStore

/// How much of the disk one kind of thing takes. `system df`
package struct Usage: Hashable, Sendable {
    package var kind: String
    package var total = 0
    package var active = 0
    /// Bytes.
    package var size: Int64 = 0
    /// Bytes which a prune frees.
    package var reclaimable: Int64 = 0

    /// What a table says about ``reclaimable``: `5MB (40%)`.
    package var reclaimableText: String {
        let text = decimalSize(reclaimable, digits: 4)
        return size > 0 ? "\(text) (\(reclaimable * 100 / size)%)" : text
    }
}

extension ContainerEngine {
    /// What images, containers and volumes take.
    package func usage() throws(EngineError) -> [Usage] {
        [try imageUsage(), try containerUsage(), try volumeUsage(), Usage(kind: "Build Cache")]
    }

    private func imageUsage() throws(EngineError) -> Usage {
        let images = try images()
        let all = try images.all()
        var usage = Usage(kind: "Images", total: all.count)
        let counts = try images.userCounts()
        var (sizes, used): ([ContentDigest: Int64], Set<ContentDigest>) = ([:], [])
        for image in all {
            let parts = try EngineError.images { () throws(ImageError) in
                try images.store.layerSizes(of: image)
            }
            // A layer that several images have is there once.
            for (layer, size) in zip(image.chain, parts) { sizes[layer] = size }
            guard counts[image.id] != nil else { continue }
            usage.active += 1
            used.formUnion(image.chain)
        }
        for (layer, size) in sizes {
            usage.size.grow(by: size)
            if !used.contains(layer) { usage.reclaimable.grow(by: size) }
        }
        return usage
    }

    private func containerUsage() throws(EngineError) -> Usage {
        var usage = Usage(kind: "Containers")
        for record in try records() {
            let size = treeSize(paths.container(record.id) + "/upper")
            let isActive = try Container(record, of: self).state().live != nil
            usage.total += 1
            usage.active += isActive ? 1 : 0
            usage.size.grow(by: size)
            usage.reclaimable.grow(by: isActive ? 0 : size)
        }
        return usage
    }

    private func volumeUsage() throws(EngineError) -> Usage {
        let users = try volumeUsers()
        var usage = Usage(kind: "Local Volumes")
        for volume in try volumes.volumes() {
            let size = treeSize(volumes.directory(volume.name))
            let isActive = !(users[volume.name] ?? []).isEmpty
            usage.total += 1
            usage.active += isActive ? 1 : 0
            usage.size.grow(by: size)
            usage.reclaimable.grow(by: isActive ? 0 : size)
        }
        return usage
    }
}
