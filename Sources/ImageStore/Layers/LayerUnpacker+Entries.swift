internal import Kernel

// How each kind of entry comes to be in its directory.
extension LayerUnpacker {
    /// Makes a directory, or keeps the one which is there.
    mutating func makeDirectory(_ name: EntryName, in parent: LayerPath) throws(ImageError) {
        let found = try status(name, in: parent)
        if found?.kind == .directory { return }
        if found != nil {
            guard !rules.keepsWhatIsThere else {
                throw tar.refused("cannot overwrite non-directory with directory")
            }
            try makeRoom(for: name, in: parent)
        }
        if rules.keepsWhatIsThere { try note(made: LayerPath(names: parent.names + [name])) }
        try inDirectory(parent) { directory throws(SystemError) in
            try directory.makeDirectory(name, mode: 0o755)
            // The umask took bits away, and not every directory has an entry of its own.
            try directory.changeMode(of: name, 0o755)
            // What hid a name of the layers below hides what was in it, too.
            if found?.isWhiteout == true { try directory.open(name, .directory).setOpaque() }
        }
    }

    /// Makes anything but a directory, in the place of whatever has the name.
    mutating func makeOther(
        _ name: EntryName, in parent: LayerPath, _ entry: TarEntry
    ) throws(ImageError) {
        if case .hardLink(let target) = entry.kind {
            return try makeHardLink(name, in: parent, to: try path(target))
        }
        if entry.kind == .file { return try makeFile(name, in: parent, entry) }
        try makeRoom(for: name, in: parent)
        switch entry.kind {
        case .symbolicLink(let target):
            guard !target.isEmpty, target.count < 4096, !target.contains(0) else {
                throw tar.refused("a symbolic link to nothing, or to a path of more than 4095 bytes")
            }
            try inDirectory(parent) { directory throws(SystemError) in
                try directory.makeLink(name, to: target)
                try directory.changeOwner(of: name, uid: entry.uid, gid: entry.gid)
                try directory.setModificationTime(of: name, entry.modifiedAt)
            }
        case .fifo: try makeNode(name, in: parent, .fifo, DeviceNumber(major: 0, minor: 0), entry)
        case .blockDevice, .characterDevice:
            guard !rules.isForHost else {
                throw tar.refused("a device, which is not copied out of a container")
            }
            try makeDevice(name, in: parent, entry)
        case .file, .directory, .hardLink: break
        }
    }

    private mutating func makeDevice(
        _ name: EntryName, in parent: LayerPath, _ entry: TarEntry
    ) throws(ImageError) {
        switch entry.kind {
        case .blockDevice(let device): try makeNode(name, in: parent, .blockDevice, device, entry)
        case .characterDevice(let device):
            guard device != DeviceNumber(major: 0, minor: 0) else {
                throw tar.refused("character device 0:0, which overlayfs takes as a whiteout")
            }
            try makeNode(name, in: parent, .characterDevice, device, entry)
        default: break
        }
    }

    /// Hides names of the layers below, in the form overlayfs knows.
    mutating func hide(_ whiteout: Whiteout, in parent: LayerPath) throws(ImageError) {
        switch whiteout {
        case .note: return
        case .directory:
            try inDirectory(parent) { directory throws(SystemError) in try directory.setOpaque() }
        case .name(let name):
            switch try status(name, in: parent)?.kind {
            case nil:
                try inDirectory(parent) { directory throws(SystemError) in
                    try directory.makeNode(
                        name, .characterDevice, DeviceNumber(major: 0, minor: 0), mode: 0)
                }
            // What the layer has itself is not hidden, only what is below it: layer.md, "Whiteouts".
            case .directory:
                try inDirectory(parent) { directory throws(SystemError) in
                    try directory.open(name, .directory).setOpaque()
                }
            default: break
            }
        }
    }

    private mutating func makeFile(
        _ name: EntryName, in parent: LayerPath, _ entry: TarEntry
    ) throws(ImageError) {
        let file = try openNew(name, in: parent)
        while case let bytes = try tar.content(upTo: 1 << 16), !bytes.isEmpty {
            do throws(SystemError) { try file.write(bytes) } catch { throw tar.refused("\(error)") }
        }
        do throws(SystemError) {
            try file.changeOwner(uid: entry.uid, gid: entry.gid)
            // After the owner, whose change takes the set-user-ID bit and capabilities away.
            try file.changeMode(entry.mode)
            try file.setAttributes(entry.attributes)
            try file.setModificationTime(entry.modifiedAt)
        } catch { throw tar.refused("\(error)") }
    }

    /// Opens an empty file in the place of whatever has the name.
    private mutating func openNew(
        _ name: EntryName, in parent: LayerPath
    ) throws(ImageError) -> FileDescriptor {
        let isMount = rules.crossesMounts ? try isMountedFile(name, in: parent) : false
        if !isMount { try makeRoom(for: name, in: parent) }
        return try inDirectory(parent) { directory throws(SystemError) in
            // What is mounted cannot be replaced, only written into.
            if isMount { return try directory.openCrossing(name, [.writeOnly, .truncate, .nonBlocking]) }
            return try directory.open(name, [.create, .exclusive, .writeOnly], mode: 0o600)
        }
    }

    private mutating func isMountedFile(_ name: EntryName, in parent: LayerPath) throws(ImageError) -> Bool {
        guard try status(name, in: parent)?.kind == .regular else { return false }
        return try inDirectory(parent) { directory throws(SystemError) in
            do throws(SystemError) { _ = try directory.open(name, .reference) } catch {
                guard error.errno == .crossDevice else { throw error }
                return true
            }
            return false
        }
    }

    private mutating func makeNode(
        _ name: EntryName, in parent: LayerPath, _ kind: FileStatus.Kind, _ device: DeviceNumber,
        _ entry: TarEntry
    ) throws(ImageError) {
        try inDirectory(parent) { directory throws(SystemError) in
            try directory.makeNode(name, kind, device, mode: 0)
            try directory.changeOwner(of: name, uid: entry.uid, gid: entry.gid)
            try directory.changeMode(of: name, entry.mode)
            try directory.setModificationTime(of: name, entry.modifiedAt)
        }
    }

    /// A further name for an earlier entry: the directory holds nothing else, so nothing else can be reached.
    private mutating func makeHardLink(
        _ name: EntryName, in parent: LayerPath, to target: LayerPath
    ) throws(ImageError) {
        guard let old = target.names.last, let found = try existing(target), found.kind != .directory,
            !found.isWhiteout
        else { throw tar.refused("a hard link to \(target.text), which is no earlier file of the layer") }
        if target == LayerPath(names: parent.names + [name]) { return }
        try makeRoom(for: name, in: parent)
        let home = try attempt { unpacker throws(SystemError) in
            try unpacker.open(target.parent)
        }
        try inDirectory(parent) { directory throws(SystemError) in
            try directory.makeHardLink(name, to: old, in: home)
        }
    }

    /// What `path` is in this layer; `nil` when there is no such file.
    private func existing(_ path: LayerPath) throws(ImageError) -> FileStatus? {
        guard let name = path.names.last else { return nil }
        do throws(SystemError) {
            return try open(path.parent).status(of: name)
        } catch {
            if [.noEntity, .notDirectory, .symbolicLink].contains(error.errno) { return nil }
            throw tar.refused("\(error)")
        }
    }

    mutating func status(
        _ name: EntryName, in parent: LayerPath
    ) throws(ImageError) -> FileStatus? {
        try inDirectory(parent) { directory throws(SystemError) in
            do throws(SystemError) { return try directory.status(of: name) } catch {
                if error.errno == .noEntity { return nil }
                throw error
            }
        }
    }

    /// Removes what has the name: the later entry of an archive counts.
    private mutating func makeRoom(for name: EntryName, in parent: LayerPath) throws(ImageError) {
        guard let found = try status(name, in: parent) else { return }
        if rules.keepsWhatIsThere, found.kind == .directory {
            throw tar.refused("cannot overwrite directory with non-directory")
        }
        try inDirectory(parent) { directory throws(SystemError) in try directory.removeTree(name) }
        // The next directory may be one that has just gone.
        if found.kind == .directory { lastDirectory = nil }
    }
}
