internal import Kernel

/// An open directory of a layer, and its path.
final class LayerDirectory {
    let path: LayerPath
    let file: FileDescriptor

    init(_ path: LayerPath, _ file: consuming FileDescriptor) {
        self.path = path
        self.file = file
    }
}

// The way to an entry's directory.
extension LayerUnpacker {
    /// Runs `body` in the directory at `path`; makes what is missing on the way and has no entry of its own.
    mutating func inDirectory<Value: ~Copyable>(
        _ path: LayerPath, _ body: (borrowing FileDescriptor) throws(SystemError) -> Value
    ) throws(ImageError) -> Value {
        let directory = try openDirectory(at: path)
        do throws(SystemError) { return try body(directory.file) } catch { throw tar.refused("\(error)") }
    }

    /// Opens the directory at `path`, in which no symbolic link stands.
    func open(_ path: LayerPath) throws(SystemError) -> FileDescriptor {
        guard rules.crossesMounts else { return try root.open(path: path.names, .directory) }
        var directory = try root.duplicate()
        for name in path.names { directory = try directory.openCrossing(name, .directory) }
        return directory
    }

    private mutating func openDirectory(at path: LayerPath) throws(ImageError) -> LayerDirectory {
        if let last = lastDirectory, last.path == path { return last }
        let directory = LayerDirectory(path, try directory(path))
        if rules.crossesMounts {
            let type = try attempt { _ throws(SystemError) in try directory.file.fileSystemType() }
            guard !madeUpFileSystems.contains(type) else {
                throw tar.refused("\(path.text) is made up by the kernel: nothing is copied into it")
            }
        }
        lastDirectory = directory
        return directory
    }

    private mutating func directory(_ path: LayerPath) throws(ImageError) -> FileDescriptor {
        do throws(SystemError) { return try open(path) } catch {
            guard error.errno != .symbolicLink else {
                throw tar.refused(
                    "its directory \(path.text) leads through a symbolic link, which is not followed")
            }
            guard [.noEntity, .notDirectory].contains(error.errno), let name = path.names.last else {
                throw tar.refused("\(error)")
            }
            let found = try status(name, in: path.parent)
            guard found == nil || found?.isWhiteout == true else {
                throw tar.refused("\(path.text) is no directory")
            }
            try makeDirectory(name, in: path.parent)
            return try attempt { unpacker throws(SystemError) in
                try unpacker.open(path)
            }
        }
    }
}

extension FileDescriptor {
    /// Hides what the layers below have in this directory. overlayfs, "opaque directories".
    ///
    /// In a user namespace only the second attribute may be set; overlayfs reads it when it is mounted with `userxattr`.
    borrowing func setOpaque() throws(SystemError) {
        do throws(SystemError) {
            try setExtendedAttribute("trusted.overlay.opaque", Array("y".utf8))
        } catch {
            guard error.errno == .notPermitted else { throw error }
            try setExtendedAttribute("user.overlay.opaque", Array("y".utf8))
        }
    }
}
