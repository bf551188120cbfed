internal import ImageStore
internal import Kernel

/// The images of this machine, as commands speak of them.
package struct Images: Sendable {
    let store: ImageStore
    /// Who has which image by now: images in use stay.
    private let users: @Sendable () throws(EngineError) -> [User]

    /// A container which was made of an image.
    package struct User: Hashable, Sendable {
        /// `sha256:` and the digest of the image's configuration.
        package var imageID: String
        /// In words: `container web`.
        package var name: String
        package var isRunning: Bool

        package init(imageID: String, name: String, isRunning: Bool) {
            (self.imageID, self.name, self.isRunning) = (imageID, name, isRunning)
        }
    }

    /// Opens the store; `users` answers which containers there are whenever it is called.
    package init(
        _ paths: EnginePaths, users: @escaping @Sendable () throws(EngineError) -> [User]
    ) throws(EngineError) {
        store = try EngineError.images { () throws(ImageError) in try ImageStore(at: paths.images) }
        self.users = users
    }

    /// How many containers have which image; one that nobody has is missing.
    func userCounts() throws(EngineError) -> [ContentDigest: Int] {
        try users().reduce(into: [:]) { counts, user in
            if let image = ContentDigest(user.imageID) { counts[image, default: 0] += 1 }
        }
    }

    /// For the store, which asks while nobody becomes a user.
    private func imageUsers() throws(ImageError) -> [ImageUser] {
        do throws(EngineError) {
            return try users().compactMap { user in
                ContentDigest(user.imageID).map {
                    ImageUser(image: $0, name: user.name, isRunning: user.isRunning)
                }
            }
        } catch { throw .system(step: "find out who uses images", reason: error.message) }
    }

    /// The image with a name or an ID, as people type it.
    func image(_ text: String) throws(EngineError) -> ImageDetails {
        try EngineError.images { () throws(ImageError) in try store.image(text) }
    }

    func all() throws(EngineError) -> [ImageDetails] {
        try EngineError.images { () throws(ImageError) in try store.images() }
    }

    /// Gives the image a further name.
    package func tag(_ source: String, as name: String) throws(EngineError) {
        try EngineError.images { () throws(ImageError) in
            try store.tag(source, as: try ImageReference(name))
        }
    }

    /// Removes a name, or an image; answers what is gone, a line each.
    package func remove(_ text: String, force: Bool) throws(EngineError) -> [String] {
        try EngineError.images { () throws(ImageError) in
            try store.remove(text, users: imageUsers, force: force).lines("Untagged", "Deleted")
        }
    }

    /// What a prune has done.
    package struct Pruned: Hashable, Sendable {
        /// A line each.
        package var lines: [String]
        package var freedBytes: Int64
    }

    /// Removes images without a name that no container has, or with `all` every one that no container has.
    package func prune(all: Bool) throws(EngineError) -> Pruned {
        try EngineError.images { () throws(ImageError) in
            let removed = try store.prune(all: all, users: imageUsers)
            return Pruned(lines: removed.lines("untagged", "deleted"), freedBytes: removed.freedBytes)
        }
    }
}

extension RemovedImages {
    fileprivate func lines(_ untag: String, _ delete: String) -> [String] {
        untagged.map { "\(untag): \($0)" } + deleted.map { "\(delete): \($0)" }
    }
}
