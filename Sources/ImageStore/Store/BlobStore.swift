internal import Digest
internal import Kernel

/// Files named by the SHA-256 of what they hold: `blobs/sha256/HEX`. OCI image-spec, image-layout.md.
///
/// A name is a claim: it is given only to what was hashed while it was written, and checked again where a small document is read.
struct BlobStore: Sendable {
    /// The directory of the whole store.
    let root: String

    /// A blob which is in the store.
    struct Stored: Hashable, Sendable {
        let digest: ContentDigest
        /// Bytes.
        let size: Int64
        let compression: Compression
    }

    /// Where the blob is, or would be.
    func path(_ digest: ContentDigest) -> String { "\(folder)/\(digest.hex)" }

    private var folder: String { "\(root)/blobs/sha256" }
    private var incoming: String { "\(root)/incoming" }

    /// Adds all that `next` gives, until it gives nothing.
    ///
    /// `expected`: what the digest and the size have to be; otherwise nothing is kept. `name` is for error text.
    func add(
        _ name: String, expected: ContentDigest? = nil, size expectedSize: Int64? = nil,
        _ next: () throws(ImageError) -> [UInt8]
    ) throws(ImageError) -> Stored {
        let draft = try Draft.make(in: incoming)
        var hasher = SHA256()
        var size: Int64 = 0
        var prefix: [UInt8] = []
        while case let bytes = try next(), !bytes.isEmpty {
            hasher.add(bytes)
            size += Int64(bytes.count)
            if let expectedSize, size > expectedSize { break }
            if prefix.count < Compression.prefixLength { prefix += bytes.prefix(Compression.prefixLength) }
            try draft.write(bytes)
        }
        guard size == expectedSize ?? size else {
            let found = size > expectedSize ?? 0 ? "more" : "only \(size)"
            throw .archive(
                name, entry: "", reason: "it has \(found) bytes, and \(expectedSize ?? 0) are announced")
        }
        let digest = ContentDigest(hasher)
        guard digest == expected ?? digest else {
            throw .archive(
                name, entry: "", reason: "its digest is \(digest), not \(expected.map { "\($0)" } ?? "")")
        }
        // Also over a blob which is there already: the new one has just been checked, the old one may be damaged.
        try draft.keep(as: path(digest))
        return Stored(digest: digest, size: size, compression: Compression(prefix: prefix))
    }

    /// Adds a document which is in memory.
    func add(_ bytes: [UInt8], _ name: String) throws(ImageError) -> Stored {
        var rest = bytes
        return try add(name) { () throws(ImageError) in
            defer { rest = [] }
            return rest
        }
    }

    /// The blob, which is in the store as far as its name says, after checking that it is what it is named.
    func checked(_ digest: ContentDigest, size: Int64) throws(ImageError) -> Stored? {
        guard let status = try? fileStatus(path(digest)), status.size == size else { return nil }
        let source = CheckedSource(
            FileSource(try open(digest), name: "blob \(digest.short)"), limit: size)
        let prefix = try source.read(upTo: 1 << 16)
        guard try source.digest() == digest else { return nil }
        return Stored(digest: digest, size: size, compression: Compression(prefix: prefix))
    }

    /// Opens the blob to read.
    func open(_ digest: ContentDigest) throws(ImageError) -> FileDescriptor {
        try step("read blob \(digest.short)") { () throws(SystemError) in
            try FileDescriptor.open(path(digest), .noFollow)
        }
    }

    /// A JSON document, at most 8 MiB, after checking that it is what it is named.
    func document(_ digest: ContentDigest) throws(ImageError) -> [UInt8] {
        let file = try open(digest)
        let bytes = try step("read blob \(digest.short)") { () throws(SystemError) in
            guard try file.status().size <= 8 << 20 else { return [UInt8]() }
            return try file.readAll()
        }
        guard ContentDigest(of: bytes) == digest else {
            throw .archive(
                path(digest), entry: "",
                reason: "the stored blob is damaged, or no document; load or pull its image again")
        }
        return bytes
    }

    /// All there are.
    func list() throws(ImageError) -> [ContentDigest] {
        try step("list \(folder)") { () throws(SystemError) in
            try listDirectory(folder).compactMap { ContentDigest(hex: $0) }
        }
    }

    /// Removes the blob; that it is missing is no error. Answers its size.
    func remove(_ digest: ContentDigest) throws(ImageError) -> Int64 {
        let size = (try? fileStatus(path(digest)))?.size ?? 0
        try step("remove blob \(digest.short)") { () throws(SystemError) in
            try removeFileIfPresent(path(digest))
        }
        return size
    }

    /// Waits until all blobs are on their device, which has to be so before anything refers to them.
    func synchronize() throws(ImageError) {
        try step("write \(folder)") { () throws(SystemError) in
            try FileDescriptor.open(folder, .directory).synchronizeFileSystem()
        }
    }

    /// Removes what writers left that were killed. Nobody may be writing.
    func removeDrafts() throws(ImageError) {
        try step("clear \(incoming)") { () throws(SystemError) in
            let directory = try FileDescriptor.open(incoming, .directory)
            for name in try directory.entryNames() { try directory.removeTree(name) }
        }
    }
}
