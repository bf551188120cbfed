internal import Kernel

/// The files of an archive, all of which are put into the blob store while it is read once: it may come through a pipe.
final class ArchiveFiles: ImageFiles {
    /// More entries than any image has; a root file system has them soon.
    private static let mostEntries = 20_000

    let name: String
    private var entries: [String: Entry] = [:]

    private enum Entry {
        case file(BlobStore.Stored)
        /// The path of another entry.
        case link(String)
    }

    /// Reads all of `source`.
    init(_ source: any ByteSource, into blobs: BlobStore) throws(ImageError) {
        name = source.name
        var tar = TarReader(source, needsEndMark: true)
        var count = 0
        while let entry = try tar.next() {
            count += 1
            guard count <= Self.mostEntries else { throw tar.refused("too many entries for an image") }
            let path = Self.normalised(entry.shownPath)
            switch entry.kind {
            case .file:
                let stored = try blobs.add("\(name): \(path)") { () throws(ImageError) in
                    try tar.content(upTo: 1 << 18)
                }
                entries[path] = .file(stored)
            case .symbolicLink(let target):
                let folder = path.split(separator: "/").dropLast().joined(separator: "/")
                let led = String(decoding: target, as: UTF8.self)
                entries[path] = .link(Self.normalised(led.hasPrefix("/") ? led : "\(folder)/\(led)"))
            case .hardLink(let target):
                entries[path] = .link(Self.normalised(String(decoding: target, as: UTF8.self)))
            case .directory, .fifo, .characterDevice, .blockDevice: break
            }
        }
        // What follows the end mark is of no interest, but a program may still have to say that it failed.
        while try !source.read(upTo: 1 << 16).isEmpty {}
        try source.finish()
    }

    /// Links lead to other entries of the archive, never to a file: nothing of the machine can be reached by them.
    func blob(_ path: String) -> BlobStore.Stored? {
        var path = Self.normalised(path)
        for _ in 0..<8 {
            switch entries[path] {
            case .file(let stored): return stored
            case .link(let target): path = target
            case nil: return nil
            }
        }
        return nil
    }

    /// The path without `.`, `..` and needless slashes, from the archive's top.
    private static func normalised(_ path: String) -> String {
        var names: [Substring] = []
        for name in path.split(separator: "/") where name != "." {
            if name == ".." { _ = names.popLast() } else { names.append(name) }
        }
        return names.joined(separator: "/")
    }
}
