internal import ImageStore
package import JSON
internal import Kernel

/// What removing unused volumes has done.
package struct PrunedVolumes: Hashable, Sendable {
    package var names: [String] = []
    /// Bytes that are free again.
    package var freedBytes: Int64 = 0

    package init() {}
}

extension VolumeStore {
    /// The keys ``volumes(_:users:)`` knows.
    package static let filterKeys = ["dangling", "driver", "label", "name"]

    /// Volumes the filters accept, by name.
    package func volumes(_ filters: Filters, users: [String: [String]]) throws(EngineError) -> [Volume] {
        let dangling = try filters.flag("dangling")
        return try volumes().filter { volume in
            let isUsed = !(users[volume.name] ?? []).isEmpty
            return (dangling == nil || dangling == !isUsed) && filters.admit("driver") { $0 == "local" }
                && filters.admit("name") { volume.name.contains($0) } && filters.admitLabels(volume.labels)
        }
    }

    /// Removes the anonymous volumes no container has, or with `all` the named ones, too. `users` is asked while nobody claims one.
    package func prune(
        all: Bool, _ filters: Filters, users: () throws(EngineError) -> [String: [String]]
    ) throws(EngineError) -> PrunedVolumes {
        try alone { () throws(EngineError) in
            let users = try users()
            var pruned = PrunedVolumes()
            for volume in try volumes() where all || volume.isAnonymous {
                guard (users[volume.name] ?? []).isEmpty, filters.admitLabels(volume.labels) else { continue }
                let size = treeSize(directory(volume.name))
                try takeAway(volume.name)
                pruned.names.append(volume.name)
                pruned.freedBytes.grow(by: size)
            }
            return pruned
        }
    }

    /// What `volume inspect` shows.
    package func inspected(_ volume: Volume) -> JSONValue {
        var object = JSONObject()
        object.set("CreatedAt", timestamp(nanoseconds: volume.created).prefix(19) + "Z")
        object.set("Driver", "local")
        object.set("Labels", labels(volume))
        object.set("Mountpoint", directory(volume.name))
        object.set("Name", volume.name)
        object.set("Options", JSONValue.null)
        object.set("Scope", "local")
        return object.value
    }

    private func labels(_ volume: Volume) -> JSONValue {
        if volume.labels.isEmpty { return .null }
        let members = volume.labels.sorted { $0.key < $1.key }
        return .object(members.map { JSONValue.Member($0.key, .string($0.value)) })
    }
}

/// Bytes of the files below the directory at `path`, each counted once; what cannot be read counts nothing.
package func treeSize(_ path: String) -> Int64 {
    var seen: Set<UInt64> = []
    guard let directory = try? FileDescriptor.open(path, [.directory, .noFollow]) else { return 0 }
    return size(below: directory, depth: 0, &seen)
}

/// A container makes as many levels of directories, and files as large, as it likes.
private func size(
    below directory: borrowing FileDescriptor, depth: Int, _ seen: inout Set<UInt64>
) -> Int64 {
    var total: Int64 = 0
    guard depth <= mostDirectoryLevels else { return 0 }
    for name in (try? directory.entryNames()) ?? [] {
        guard let status = try? directory.status(of: name) else { continue }
        if status.kind == .directory {
            guard let inner = try? directory.open(name, .directory) else { continue }
            total.grow(by: size(below: inner, depth: depth + 1, &seen))
        } else if status.links < 2 || seen.insert(status.inode).inserted {
            total.grow(by: status.size)
        }
    }
    return total
}
