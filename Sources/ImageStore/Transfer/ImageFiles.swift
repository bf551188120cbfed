/// The files of an image archive or of a layout directory, by their paths in it.
protocol ImageFiles: AnyObject {
    /// What error text calls the whole.
    var name: String { get }
    /// Puts the file at `path` into the blob store; `nil` when there is none.
    func blob(_ path: String) throws(ImageError) -> BlobStore.Stored?
}

extension ImageFiles {
    /// Puts the blob of a layout into the blob store, if it is what its descriptor says.
    func blob(_ descriptor: Descriptor) throws(ImageError) -> BlobStore.Stored {
        let path = "blobs/sha256/\(descriptor.digest.hex)"
        guard let stored = try blob(path) else { throw .archive(name, entry: path, reason: "it is missing") }
        guard stored.digest == descriptor.digest else {
            throw .archive(
                name, entry: path, reason: "its digest is \(stored.digest), not \(descriptor.digest)")
        }
        guard stored.size == descriptor.size else {
            throw .archive(
                name, entry: path, reason: "it has \(stored.size) bytes, and \(descriptor.size) are announced"
            )
        }
        return stored
    }
}
