internal import JSON
internal import Kernel

/// Unpacked layers: `layers/HEX/diff`, where HEX is the layer's chain ID, with `layer.json` beside it.
///
/// A layer is there as a whole or not at all: it is made as `HEX.tmp` and renamed.
struct LayerStore: Sendable {
    /// The directory of the whole store.
    let root: String

    /// What is known of a layer beside its files.
    struct Record: Hashable, Sendable {
        var diffID: ContentDigest
        /// Bytes of all files.
        var size: Int64
    }

    private var folder: String { "\(root)/layers" }

    /// The directory with the layer's files, or where it would be.
    func path(_ chain: ContentDigest) -> String { "\(folder)/\(chain.hex)/diff" }

    /// What is known of a layer; `nil` when it is not there.
    func record(_ chain: ContentDigest) throws(ImageError) -> Record? {
        let path = "\(folder)/\(chain.hex)/layer.json"
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try readFile(path) } catch {
            if error.errno == .noEntity { return nil }
            throw .system(step: "read \(path)", reason: "\(error)")
        }
        return try reading(path) { () throws(JSONError) in
            let reader = JSONReader(try JSONValue(parsing: bytes))
            return Record(
                diffID: try reader.required("diffID").digest(),
                size: try reader.required("size").integer(in: 0...Int64.max))
        }
    }

    /// Makes a layer, unless it is there: `unpack` fills an empty directory. Answers whether it was made.
    ///
    /// Somebody else who makes the same one is waited for. What cannot be made leaves nothing.
    func make(
        _ chain: ContentDigest, _ unpack: (consuming FileDescriptor) throws(ImageError) -> Record
    ) throws(ImageError) -> Bool {
        guard let draft = EntryName("\(chain.hex).tmp"), let final = EntryName(chain.hex) else {
            return false
        }
        let layers = try open()
        while try record(chain) == nil {
            guard let lock = try lock(draft, in: layers) else { continue }
            defer { keep(lock) }
            do throws(ImageError) {
                let record = try fill(draft, in: layers, unpack)
                try step("write layer \(chain.short)") { () throws(SystemError) in
                    try replaceFile("\(folder)/\(draft)/layer.json", record.bytes, mode: 0o600)
                    // All of it is on the device before it has its name: a layer with empty files looks like a good one.
                    try layers.synchronizeFileSystem()
                    try layers.rename(draft, to: final, in: layers)
                    try layers.synchronize()
                }
                return true
            } catch {
                do throws(SystemError) { try layers.removeTree(draft) } catch {}
                throw error
            }
        }
        return false
    }

    /// All there are.
    func list() throws(ImageError) -> [ContentDigest] {
        try step("list \(folder)") { () throws(SystemError) in
            try listDirectory(folder).compactMap { ContentDigest(hex: $0) }
        }
    }

    /// Removes a layer, which nobody uses. Answers its size.
    func remove(_ chain: ContentDigest) throws(ImageError) -> Int64 {
        guard let draft = EntryName("\(chain.hex).tmp"), let final = EntryName(chain.hex) else { return 0 }
        let size = try record(chain)?.size ?? 0
        let layers = try open()
        try step("remove layer \(chain.short)") { () throws(SystemError) in
            try layers.removeTree(draft)
            // Renamed first: half a layer must never have a layer's name.
            try layers.rename(final, to: draft, in: layers)
            try layers.removeTree(draft)
        }
        return size
    }

    /// Removes what was half made or half removed. Nobody may be making a layer.
    func removeHalfMade() throws(ImageError) {
        let layers = try open()
        try step("clear \(folder)") { () throws(SystemError) in
            for name in try layers.entryNames() where name.bytes.suffix(4).elementsEqual(".tmp".utf8) {
                try layers.removeTree(name)
            }
        }
    }
}

extension LayerStore {
    private func open() throws(ImageError) -> FileDescriptor {
        try step("open \(folder)") { () throws(SystemError) in
            try FileDescriptor.open(folder, .directory)
        }
    }

    /// The lock on the directory in which a layer is made; `nil` when it has been renamed or removed while it was waited for.
    private func lock(
        _ draft: EntryName, in layers: borrowing FileDescriptor
    ) throws(ImageError) -> FileLock? {
        try step("lock \(folder)/\(draft)") { () throws(SystemError) in
            do throws(SystemError) { try layers.makeDirectory(draft, mode: 0o700) } catch {
                guard error.errno == .exists else { throw error }
            }
            let opened: FileDescriptor
            do throws(SystemError) { opened = try layers.open(draft, .directory) } catch {
                if error.errno == .noEntity { return nil }
                throw error
            }
            let inode = try opened.status().inode
            let lock = try FileLock.take(opened, name: "\(draft)", wait: true)
            guard let named = try? layers.status(of: draft), named.inode == inode else { return nil }
            return lock
        }
    }

    /// Says that the lock is held up to here.
    private func keep(_ lock: borrowing FileLock) {}

    private func fill(
        _ draft: EntryName, in layers: borrowing FileDescriptor,
        _ unpack: (consuming FileDescriptor) throws(ImageError) -> Record
    ) throws(ImageError) -> Record {
        let directory = try step("make \(folder)/\(draft)") { () throws(SystemError) in
            let directory = try layers.open(draft, .directory)
            // Somebody who made it before was killed.
            for name in try directory.entryNames() { try directory.removeTree(name) }
            try directory.makeDirectory("diff", mode: 0o755)
            let diff = try directory.open(below: "diff", .directory, resolve: [.beneath, .noSymbolicLinks])
            // The umask took bits away, and not every archive has an entry for the root.
            try diff.changeMode(0o755)
            return diff
        }
        return try unpack(directory)
    }
}

extension LayerStore.Record {
    var bytes: [UInt8] {
        var object = JSONObject()
        object.set("diffID", "\(diffID)")
        object.set("size", size)
        return Array(object.value.text.utf8)
    }
}
