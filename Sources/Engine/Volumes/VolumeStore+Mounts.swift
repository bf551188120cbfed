internal import ImageStore
internal import Kernel

extension VolumeStore {
    /// Makes the volumes a container is created with, and names the anonymous ones; refuses a source of `--mount` that is not there.
    package func claim(_ mounts: inout [ContainerRecord.Mount]) throws(EngineError) {
        for index in mounts.indices {
            let mount = mounts[index]
            switch mount.kind {
            case .tmpfs: break
            case .bind where !mount.createsSource && !fileExists(mount.source):
                throw EngineError(
                    "invalid mount config for type \"bind\": bind source path does not exist: \(mount.source)",
                    .invalid)
            case .bind: break
            case .volume where mount.isAnonymous: mounts[index].source = try createAnonymous(mount.source)
            case .volume: try create(mount.source)
            }
        }
    }

    /// The name is there already where somebody else chose it.
    private func createAnonymous(_ name: String) throws(EngineError) -> String {
        guard !name.isEmpty else { return try create(nil).name }
        try create(name)
        try withLock(home(name)) { () throws(EngineError) in
            var volume = try volume(name)
            guard !volume.isAnonymous else { return }
            volume.isAnonymous = true
            try write(volume)
        }
        return name
    }

    /// Makes everything ready that a container mounts, before it starts: sources of `-v`, and volumes filled from its image.
    ///
    /// `rootfs`: its mounted root file system. Answers the directories of the volumes by name.
    package func prepare(
        _ mounts: [ContainerRecord.Mount], rootfs: String
    ) throws(EngineError) -> [String: String] {
        var directories: [String: String] = [:]
        for mount in mounts {
            switch mount.kind {
            case .tmpfs: break
            case .bind where mount.createsSource && !fileExists(mount.source):
                try EngineError.step("make \(mount.source)") { () throws(SystemError) in
                    try makeDirectories(mount.source, mode: 0o755)
                }
            case .bind: break
            case .volume:
                let volume = try create(mount.source)
                if volume.isFresh { try fill(mount, rootfs) }
                directories[mount.source] = directory(mount.source)
            }
        }
        return directories
    }

    /// Removes the anonymous volumes of a container which goes with them; one that somebody else has stays.
    ///
    /// `users` answers the IDs of the containers which are left, by volume; it is asked while nobody claims one.
    package func release(
        _ mounts: [ContainerRecord.Mount], users: () throws(EngineError) -> [String: [String]]
    ) throws(EngineError) {
        let own = mounts.filter { $0.kind == .volume && $0.isAnonymous }
        guard !own.isEmpty else { return }
        try alone { () throws(EngineError) in
            let users = try users()
            for mount in own where (users[mount.source] ?? []).isEmpty {
                if try find(mount.source) != nil { try takeAway(mount.source) }
            }
        }
    }

    /// Copies what the image has at the place into a volume nobody has used, with owners and modes.
    ///
    /// Containers which start at once fill it once. A killed copy is made again from the start.
    private func fill(_ mount: ContainerRecord.Mount, _ rootfs: String) throws(EngineError) {
        try withLock(home(mount.source)) { () throws(EngineError) in
            var volume = try volume(mount.source)
            guard volume.isFresh else { return }
            if !mount.isNotFilled {
                try EngineError.step("fill the volume \(volume.name)") { () throws(SystemError) in
                    try copy(mount.destination, of: rootfs, to: volume)
                }
            }
            volume.isFresh = false
            try write(volume)
        }
    }

    /// Within the lock on the volume's directory.
    private func copy(_ path: String, of rootfs: String, to volume: Volume) throws(SystemError) {
        guard try listDirectory(directory(volume.name)).isEmpty,
            let draft = EntryName("_filling"), let data = EntryName("_data"),
            let source = try imageDirectory(path, rootfs)
        else { return }
        let home = try FileDescriptor.open(home(volume.name), .directory)
        try home.removeTree(draft)
        try home.makeDirectory(draft, mode: 0o755)
        try copyTree(source, to: try home.open(draft, .directory))
        try home.rename(draft, to: data, in: home)
    }

    /// The directory of the image at the place, which no link leads out of; `nil` when there is none.
    private func imageDirectory(_ path: String, _ rootfs: String) throws(SystemError) -> FileDescriptor? {
        let root = try FileDescriptor.open(rootfs, [.directory, .reference])
        do throws(SystemError) {
            return try root.open(
                below: String(path.drop { $0 == "/" }), .directory, resolve: [.inRoot, .noMagicLinks])
        } catch {
            guard [.noEntity, .notDirectory, .symbolicLink].contains(error.errno) else { throw error }
            return nil
        }
    }
}

/// Which containers have which volumes: IDs by name.
package func volumeUsers(_ records: [ContainerRecord]) -> [String: [String]] {
    var users: [String: [String]] = [:]
    for record in records {
        for mount in record.mounts where mount.kind == .volume {
            users[mount.source, default: []].append(record.id)
        }
    }
    return users
}
