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
        var volume = try create(name)
        if !volume.isAnonymous {
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
                if volume.isFresh { try fill(volume, mount, rootfs) }
                directories[mount.source] = directory(mount.source)
            }
        }
        return directories
    }

    /// Removes the anonymous volumes of a container which goes with them; one that somebody else has stays.
    ///
    /// `users`: the IDs of the containers which are left, by volume.
    package func release(
        _ mounts: [ContainerRecord.Mount], users: [String: [String]]
    ) throws(EngineError) {
        for mount in mounts where mount.kind == .volume && mount.isAnonymous {
            guard (users[mount.source] ?? []).isEmpty else { continue }
            do throws(EngineError) { try remove(mount.source, users: []) } catch {
                guard error.kind == .notFound else { throw error }
            }
        }
    }

    /// Copies what the image has at the place into an empty volume, with owners and modes. A killed copy is made again from the start.
    private func fill(
        _ volume: Volume, _ mount: ContainerRecord.Mount, _ rootfs: String
    ) throws(EngineError) {
        try EngineError.step("fill the volume \(volume.name)") { () throws(SystemError) in
            let home = try FileDescriptor.open(home(volume.name), .directory)
            guard let lock = try FileLock.take(home.duplicate(), name: volume.name, wait: true) else {
                return
            }
            defer { keep(lock) }
            guard !mount.isNotFilled, try listDirectory(directory(volume.name)).isEmpty else { return }
            guard let draft = EntryName("_filling"), let data = EntryName("_data") else { return }
            guard let source = try imageDirectory(mount.destination, rootfs) else { return }
            try home.removeTree(draft)
            try home.makeDirectory(draft, mode: 0o755)
            try copyTree(source, to: try home.open(draft, .directory))
            try home.rename(draft, to: data, in: home)
        }
        var used = volume
        used.isFresh = false
        try write(used)
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
