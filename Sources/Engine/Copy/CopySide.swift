internal import ImageStore
internal import Kernel

/// One end of a copy with a root directory: the host's, or a container's.
struct CopySide: ~Copyable {
    let root: FileDescriptor
    /// As it was typed.
    let shown: String
    let path: CopyPath

    /// `path`: absolute, or below the root.
    init(_ root: consuming FileDescriptor, _ path: String, shown: String) {
        self.root = root
        self.path = CopyPath(path)
        self.shown = shown
    }

    /// Writes what is there to `file` as an archive; answers the bytes of all files.
    func pack(
        to file: consuming FileDescriptor, followsLink: Bool
    ) throws(EngineError) -> Int64 {
        var archive = TreeArchive(file, name: "the copy")
        if path.wantsContents {
            let directory = try look { () throws(SystemError) in try openWhole() }
            try copying { () throws(ImageError) in try archive.addContents(of: directory) }
        } else {
            let found = try look { () throws(SystemError) in
                try FoundPath(path.text, below: root, following: followsLink || path.wantsDirectory)
            }
            guard let status = found.status else { throw missing }
            guard !path.wantsDirectory || status.kind == .directory else { throw noDirectory }
            let typed = EntryName(String(path.text.split(separator: "/").last ?? "")) ?? found.name
            try copying { () throws(ImageError) in
                try archive.add(found.name, of: found.directory, as: typed)
            }
        }
        let bytes = archive.bytes
        try copying { () throws(ImageError) in try archive.finish() }
        return bytes
    }

    /// Makes what the archive on `file` holds. `source`: what an error calls it.
    func unpack(
        _ file: consuming FileDescriptor, from source: String, _ manner: CopyManner, onHost: Bool,
        isStream: Bool
    ) throws(EngineError) -> Int64 {
        do throws(ImageError) {
            return try unpackCopy(file, name: source, manner, onHost: onHost, drains: isStream) {
                entry throws(ImageError) in
                do throws(EngineError) {
                    return isStream ? try streamPlace() : try place(for: entry)
                } catch { throw .system(step: "copy to \(shown)", reason: error.message) }
            }
        } catch { throw EngineError("\(error)") }
    }

    /// The directory an archive of standard input is unpacked in.
    private func streamPlace() throws(EngineError) -> CopyPlace {
        CopyPlace(try look { () throws(SystemError) in try openWhole() }, name: nil)
    }

    /// As cp(1) does: into a directory that is there, else under the name that was typed.
    private func place(for entry: CopiedEntry) throws(EngineError) -> CopyPlace {
        if path.wantsContents { return try streamPlace() }
        let found = try look { () throws(SystemError) in
            try FoundPath(path.text, below: root, following: true)
        }
        if found.status?.kind == .directory { return try streamPlace() }
        guard !path.wantsDirectory || (found.status == nil && entry.isDirectory) else {
            throw found.status == nil ? missing : noDirectory
        }
        guard found.status == nil || !entry.isDirectory else {
            throw EngineError("cannot copy a directory onto a file: \(shown)", .invalid)
        }
        guard entry.name == nil else { return CopyPlace(found.directory, name: found.name) }
        let directory = try look { () throws(SystemError) in
            try found.directory.makeDirectory(found.name, mode: 0o755)
            return try found.directory.open(found.name, .directory)
        }
        return CopyPlace(directory, name: nil)
    }

    private func openWhole() throws(SystemError) -> FileDescriptor {
        try root.open(below: path.text, .directory, resolve: [.inRoot, .noMagicLinks])
    }

    private var missing: EngineError { EngineError("no such file or directory: \(shown)", .notFound) }
    private var noDirectory: EngineError { EngineError("not a directory: \(shown)", .invalid) }

    private func look<Value: ~Copyable>(_ body: () throws(SystemError) -> Value) throws(EngineError) -> Value
    {
        do throws(SystemError) { return try body() } catch {
            switch error.errno {
            case .noEntity: throw missing
            case .notDirectory: throw noDirectory
            default: throw EngineError("\(shown): \(error)")
            }
        }
    }

    private func copying<Value>(_ body: () throws(ImageError) -> Value) throws(EngineError) -> Value {
        do throws(ImageError) { return try body() } catch { throw EngineError("\(error)") }
    }
}
