package import Kernel

extension ImageStore {
    /// Loads the images of an archive or layout directory at `path`: what `docker save`, podman, skopeo and umoci write.
    ///
    /// `name`: what an image without a name is called. `platform`: which one of several it is to be; this machine's when `nil`.
    package func load(
        _ path: String, name: ImageReference? = nil, platform: Platform? = nil
    ) throws(ImageError) -> [AddedImage] {
        try tidily { () throws(ImageError) in
            let status = try step("open \(path)") { () throws(SystemError) in try fileStatus(path) }
            if status.kind == .directory {
                return try load(DirectoryFiles(path, into: blobs), name, platform)
            }
            let file = try step("open \(path)") { () throws(SystemError) in try FileDescriptor.open(path) }
            return try load(file, called: path, name: name, platform: platform)
        }
    }

    /// Loads the images of an archive which comes through a pipe or is an open file; `source` is what errors call it.
    package func load(
        from file: consuming FileDescriptor, called source: String, name: ImageReference? = nil,
        platform: Platform? = nil
    ) throws(ImageError) -> [AddedImage] {
        var file = Optional(file)
        return try tidily { () throws(ImageError) in
            guard let file = file.take() else { return [] }
            return try load(file, called: source, name: name, platform: platform)
        }
    }

    private func load(
        _ file: consuming FileDescriptor, called source: String, name: ImageReference?,
        platform: Platform?
    ) throws(ImageError) -> [AddedImage] {
        let bytes = CheckedSource(try stream(file, source), limit: limits.archiveBytes)
        return try load(ArchiveFiles(bytes, into: blobs), name, platform)
    }

    /// The archive's bytes, unpacked where they are compressed.
    func stream(_ file: consuming FileDescriptor, _ source: String) throws(ImageError) -> any ByteSource {
        let seekable: Bool
        do throws(SystemError) { seekable = try file.status().kind == .regular } catch {
            throw .system(step: "read \(source)", reason: "\(error)")
        }
        if seekable { return try unpacked(file, name: source) }
        let pipe = FileSource(file, name: source)
        var prefix: [UInt8] = []
        while prefix.count < Compression.prefixLength {
            let more = try pipe.read(upTo: Compression.prefixLength - prefix.count)
            if more.isEmpty { break }
            prefix += more
        }
        guard Compression(prefix: prefix).program != nil else { return PrefixedSource(prefix, pipe) }
        // The program which unpacks it wants it from the first byte on: it goes to a file first.
        let draft = try Draft.make(in: "\(root)/incoming")
        try draft.write(prefix)
        while case let more = try pipe.read(upTo: 1 << 18), !more.isEmpty { try draft.write(more) }
        return try unpacked(try draft.reader(), name: source)
    }

    func load(
        _ files: any ImageFiles, _ name: ImageReference?, _ platform: Platform?
    ) throws(ImageError) -> [AddedImage] {
        var images = try ImageSearch(files: files, blobs: blobs, platform: platform ?? .host).images()
        if let name, images.count == 1 {
            if images[0].names.isEmpty { images[0].names = [name] }
        }
        return try enter(images, files.name)
    }
}

/// Bytes which were read already to see what they are, and those which follow.
private final class PrefixedSource: ByteSource {
    let name: String
    private var prefix: [UInt8]
    private let rest: any ByteSource

    init(_ prefix: [UInt8], _ rest: any ByteSource) {
        (name, self.prefix, self.rest) = (rest.name, prefix, rest)
    }

    func read(upTo limit: Int) throws(ImageError) -> [UInt8] {
        if prefix.isEmpty { return try rest.read(upTo: limit) }
        defer { prefix = [] }
        return prefix
    }

    func finish() throws(ImageError) { try rest.finish() }
}
