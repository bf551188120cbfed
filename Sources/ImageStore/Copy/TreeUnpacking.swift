package import Kernel

/// The first entry of an archive of copied files: what was copied.
package struct CopiedEntry: Hashable, Sendable {
    /// `nil` for the contents of a directory without the directory itself.
    package let name: EntryName?
    package let isDirectory: Bool
}

/// Where what was copied goes: a directory, and what it is called there, `nil` for its own name.
package struct CopyPlace: ~Copyable {
    let directory: FileDescriptor
    let name: EntryName?

    package init(_ directory: consuming FileDescriptor, name: EntryName?) {
        self.directory = directory
        self.name = name
    }
}

/// How copied files are made.
package enum CopyManner: Hashable, Sendable {
    /// With the numbers of their owners.
    case archive
    /// As root's.
    case ownedByRoot
}

/// Unpacks an archive of copied files from `file`, called `name` in errors; answers the bytes of all of them.
///
/// The archive is hostile. `onHost`: devices are refused then, and set-user-ID bits taken away. `place` is asked once the
/// first entry is known. No symbolic link is followed below the place. `drains`: whether to read on behind the archive's end,
/// for the sake of the program which writes it.
package func unpackCopy(
    _ file: consuming FileDescriptor, name: String, _ manner: CopyManner, onHost: Bool, drains: Bool,
    place: (CopiedEntry) throws(ImageError) -> CopyPlace
) throws(ImageError) -> Int64 {
    let source = FileSource(file, name: name)
    var tar = TarReader(source, needsEndMark: true)
    guard let first = try tar.next() else { return 0 }
    let path: LayerPath
    do throws(LayerPath.Refusal) { path = try LayerPath(first.path) } catch {
        throw tar.refused(error.reason)
    }
    let place = try place(CopiedEntry(name: path.names.first, isDirectory: first.kind == .directory))
    var rules = UnpackRules()
    rules.hasWhiteouts = false
    rules.keepsWhatIsThere = true
    rules.crossesMounts = true
    rules.isForHost = onHost
    rules.owner = manner == .ownedByRoot ? .init(uid: 0, gid: 0) : nil
    rules.firstName = place.name
    let directory = try step("open a directory") { () throws(SystemError) in
        try place.directory.duplicate()
    }
    var unpacker = LayerUnpacker(tar, into: directory, limits: UnpackLimits(), rules: rules)
    let facts = try unpacker.run(from: first)
    while drains, !(try source.read(upTo: 1 << 16).isEmpty) {}
    return facts.bytes
}
