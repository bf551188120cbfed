internal import ImageStore
internal import Kernel

/// How far a pull is; blobs by the first twelve digits of their digests.
package enum TransferProgress: Hashable, Sendable {
    /// It is here already.
    case present(String)
    /// `done` of `total` bytes have come.
    case receiving(String, done: Int64, total: Int64)
    /// Another program does the work, and does not say how far it is.
    case delegated

    init(_ progress: PullProgress) {
        switch progress {
        case .present(let digest): self = .present(digest.short)
        case .receiving(let digest, let done, let total):
            self = .receiving(digest.short, done: done, total: total)
        case .delegated: self = .delegated
        }
    }
}

/// An image that was pulled.
package struct PulledImage: Hashable, Sendable {
    /// `sha256:` and the digest of its manifest.
    package var digest: String
    /// The whole name it was pulled by.
    package var name: String
    /// The name as a person types it.
    package var familiarName: String
    /// The registry had nothing this machine had not.
    package var wasCurrent: Bool
}

/// The parts of a name an image is pulled by.
package struct PullName: Hashable, Sendable {
    /// The repository at its registry, for example `library/nginx`.
    package let path: String
    /// What stands behind the colon, or the digest.
    package let tag: String
    /// No tag was typed.
    package let isDefaultTag: Bool

    package init(_ text: String) throws(EngineError) {
        let reference = try EngineError.images { () throws(ImageError) in try ImageReference(text) }
        (path, tag) = (reference.path, reference.tag ?? reference.digest.map { "\($0)" } ?? "latest")
        isDefaultTag = reference.digest == nil && !text.hasSuffix(":latest") && tag == "latest"
    }
}

extension Images {
    /// Pulls an image. `platform`: as typed, or empty; `insecure`: registries spoken to without TLS.
    package func pull(
        _ text: String, platform: String = "", insecure: Set<String> = [],
        progress: @escaping (TransferProgress) -> Void
    ) throws(EngineError) -> PulledImage {
        var options = PullOptions()
        options.platform = try Self.platform(platform)
        options.insecureRegistries = insecure
        options.progress = { progress(TransferProgress($0)) }
        return try EngineError.images { () throws(ImageError) in
            let reference = try ImageReference(text)
            let before = try? store.image(text)
            let added = try store.pull(reference, options)
            return PulledImage(
                digest: "\(added.manifest)", name: reference.canonical, familiarName: reference.familiar,
                wasCurrent: before?.manifest == added.manifest)
        }
    }

    /// Loads the images of an archive, of a layout directory, or of standard input where `path` is `nil`; answers a line for each.
    package func load(_ path: String?, platform: String = "") throws(EngineError) -> [String] {
        let platform = try Self.platform(platform)
        return try EngineError.images { () throws(ImageError) in
            let added: [AddedImage]
            if let path {
                added = try store.load(path, platform: platform)
            } else {
                added = try store.load(from: try Self.stream(0), called: "standard input", platform: platform)
            }
            return added.flatMap { image in
                image.names.isEmpty
                    ? ["Loaded image ID: \(image.id)"] : image.names.map { "Loaded image: \($0)" }
            }
        }
    }

    /// Writes images to an archive, or to standard output where `path` is `nil`.
    package func save(_ names: [String], to path: String?) throws(EngineError) {
        try EngineError.images { () throws(ImageError) in
            guard let path else {
                return try store.save(names, to: try Self.stream(1), called: "standard output")
            }
            try store.save(names, to: path)
        }
    }

    /// Makes an image out of the archive of a root file system: a file, or standard input where `path` is `nil`. Answers its ID.
    package func importRoot(
        _ path: String?, as name: String?, changes: [String], message: String
    ) throws(EngineError) -> String {
        var configuration = ImageConfiguration(platform: .host)
        configuration.created = currentTimestamp()
        for change in changes { try configuration.apply(change: change) }
        return try EngineError.images { () throws(ImageError) in
            let file: FileDescriptor
            if let path {
                do throws(SystemError) { file = try FileDescriptor.open(path) } catch {
                    throw .system(step: "open \(path)", reason: error.errno.reason)
                }
            } else {
                file = try Self.stream(0)
            }
            let added = try store.importRoot(
                file, called: path ?? "standard input", name: try name.map(Self.reference),
                configuration: configuration)
            return "\(added.id)"
        }
    }

    private static func reference(_ text: String) throws(ImageError) -> ImageReference {
        try ImageReference(text)
    }

    private static func platform(_ text: String) throws(EngineError) -> Platform? {
        guard !text.isEmpty else { return nil }
        guard let platform = Platform(text) else {
            throw EngineError(
                "\"\(text)\" is an invalid component of a platform: it is OS/ARCHITECTURE[/VARIANT]", .invalid
            )
        }
        return platform
    }

    private static func stream(_ number: Int32) throws(ImageError) -> FileDescriptor {
        do throws(SystemError) {
            // A second descriptor: closing the first one is not for us.
            let borrowed = FileDescriptor(owning: number)
            do throws(SystemError) {
                let copy = try borrowed.duplicate()
                _ = borrowed.release()
                return copy
            } catch {
                _ = borrowed.release()
                throw error
            }
        } catch { throw .system(step: "use stream \(number)", reason: "\(error)") }
    }
}
