internal import Kernel

/// The files of a layout directory, each put into the blob store when it is asked for. Nothing outside the directory is read.
final class DirectoryFiles: ImageFiles {
    let name: String
    private let directory: FileDescriptor
    private let blobs: BlobStore

    init(_ path: String, into blobs: BlobStore) throws(ImageError) {
        (name, self.blobs) = (path, blobs)
        directory = try step("open \(path)") { () throws(SystemError) in
            try FileDescriptor.open(path, .directory)
        }
    }

    func blob(_ path: String) throws(ImageError) -> BlobStore.Stored? {
        guard let file = try open(path) else { return nil }
        let source = FileSource(file, name: "\(name): \(path)")
        return try blobs.add(source.name) { () throws(ImageError) in try source.read(upTo: 1 << 18) }
    }

    private func open(_ path: String) throws(ImageError) -> FileDescriptor? {
        do throws(SystemError) {
            // Not to be blocked by a fifo.
            let file = try directory.open(
                below: path, .nonBlocking, resolve: [.beneath, .noMagicLinks])
            guard try file.status().kind == .regular else { return nil }
            return file
        } catch {
            if error.errno == .noEntity || error.errno == .notDirectory { return nil }
            guard error.errno != .crossDevice else {
                throw .archive(name, entry: path, reason: "it leads out of the directory")
            }
            throw .system(step: "read \(path) in \(name)", reason: "\(error)")
        }
    }
}
