internal import Kernel

/// Unpacks the archive of one layer into a directory, as overlayfs wants it. The archive is hostile.
///
/// Every path is looked up below the directory's descriptor, and no symbolic link is followed anywhere: what was unpacked
/// before cannot lead what comes later to another place. Nobody else changes the directory meanwhile.
struct LayerUnpacker: ~Copyable {
    let root: FileDescriptor
    private let limits: UnpackLimits
    let rules: UnpackRules
    var tar: TarReader
    private var facts = Facts()
    /// When directories were changed: set at the end, as unpacking into them changes it. By ``LayerPath/joined``.
    private var times: [[UInt8]: Int64] = [:]
    /// Directories which were not there before. By ``LayerPath/joined``.
    private var made: Set<[UInt8]> = []
    private var pathBytes = 0
    /// Entries of one directory follow one another: it is opened once.
    var lastDirectory: LayerDirectory?

    /// What was unpacked.
    struct Facts: Hashable, Sendable {
        /// Bytes of all files.
        var bytes: Int64 = 0
        var entries = 0
    }

    init(
        _ tar: TarReader, into root: consuming FileDescriptor, limits: UnpackLimits,
        rules: UnpackRules = .layer
    ) {
        self.root = root
        (self.tar, self.limits, self.rules) = (tar, limits, rules)
    }

    /// Unpacks all entries; `first` is one that has been read already.
    mutating func run(from first: TarEntry? = nil) throws(ImageError) -> Facts {
        var next = first
        if next == nil { next = try tar.next() }
        while let entry = next {
            try count(entry)
            try place(rules.adapted(entry))
            next = try tar.next()
        }
        lastDirectory = nil
        try setTimes()
        return facts
    }

    private mutating func count(_ entry: TarEntry) throws(ImageError) {
        facts.entries += 1
        guard facts.entries <= limits.entries else {
            throw tar.refused("more than \(limits.entries) entries, the limit")
        }
        guard entry.size <= limits.fileBytes else {
            throw tar.refused("a file of \(entry.size) bytes; the limit is \(limits.fileBytes)")
        }
        guard entry.size <= limits.totalBytes - facts.bytes else {
            throw tar.refused("files of more than \(limits.totalBytes) bytes together, the limit")
        }
        facts.bytes += entry.size
    }

    private mutating func place(_ entry: TarEntry) throws(ImageError) {
        let path = try path(entry.path)
        guard let name = path.names.last else {
            guard entry.kind == .directory else { throw tar.refused("the layer's root is no directory") }
            return try finishDirectory(path, entry)
        }
        if let whiteout = try whiteout(name) { return try hide(whiteout, in: path.parent) }
        if entry.kind == .directory {
            try makeDirectory(name, in: path.parent)
            try finishDirectory(path, entry)
        } else {
            try makeOther(name, in: path.parent, entry)
        }
    }

    private func whiteout(_ name: EntryName) throws(ImageError) -> Whiteout? {
        guard rules.hasWhiteouts else { return nil }
        do throws(LayerPath.Refusal) { return try Whiteout(name) } catch { throw tar.refused(error.reason) }
    }

    /// Sets what an entry says about a directory, which is there.
    private mutating func finishDirectory(_ path: LayerPath, _ entry: TarEntry) throws(ImageError) {
        if rules.keepsWhatIsThere, !made.contains(path.joined) { return }
        try attempt { unpacker throws(SystemError) in
            let directory = try unpacker.open(path)
            try directory.changeOwner(uid: entry.uid, gid: entry.gid)
            try directory.changeMode(entry.mode)
            try directory.setAttributes(entry.attributes)
        }
        times[try kept(path)] = entry.modifiedAt
    }

    /// Remembers a directory which was not there before.
    mutating func note(made path: LayerPath) throws(ImageError) { made.insert(try kept(path)) }

    private mutating func kept(_ path: LayerPath) throws(ImageError) -> [UInt8] {
        let bytes = path.joined
        pathBytes += bytes.count
        guard pathBytes <= limits.pathBytes else {
            throw tar.refused(
                "directories with paths of more than \(limits.pathBytes) bytes together, the limit")
        }
        return bytes
    }

    private func setTimes() throws(ImageError) {
        for (bytes, time) in times {
            let path = LayerPath(joined: bytes)
            do throws(SystemError) {
                try open(path).setModificationTime(time)
            } catch {
                // A later entry of the same name took the directory's place.
                guard [.noEntity, .notDirectory, .symbolicLink].contains(error.errno) else {
                    throw .system(step: "set the time of \(path.text)", reason: "\(error)")
                }
            }
        }
    }

    func path(_ bytes: [UInt8]) throws(ImageError) -> LayerPath {
        do throws(LayerPath.Refusal) { return try LayerPath(bytes) } catch { throw tar.refused(error.reason) }
    }

    /// Runs a part of unpacking the current entry, which is named when the kernel refuses.
    func attempt<Value: ~Copyable>(
        _ body: (borrowing LayerUnpacker) throws(SystemError) -> Value
    ) throws(ImageError) -> Value {
        do throws(SystemError) { return try body(self) } catch { throw tar.refused("\(error)") }
    }
}

extension FileDescriptor {
    /// Sets those attributes of an entry which mean something in a container.
    ///
    /// The others are dropped: `trusted.*` and `user.overlay.*` would speak to overlayfs in the layer's name, `security.*` and
    /// `system.*` are the host's. So is one which the file system does not take.
    borrowing func setAttributes(_ attributes: [TarEntry.Attribute]) throws(SystemError) {
        for attribute in attributes where Self.isKept(attribute.name) {
            do throws(SystemError) { try setExtendedAttribute(attribute.name, attribute.value) } catch {
                guard error.errno == .notSupported else { throw error }
            }
        }
    }

    private static func isKept(_ name: String) -> Bool {
        name == "security.capability" || (name.hasPrefix("user.") && !name.hasPrefix("user.overlay."))
    }
}
