internal import JSON
internal import Kernel

/// The volumes of this machine, each in a directory of its own: `NAME/volume.json` beside `NAME/_data`.
///
/// A volume is there once its `volume.json` is: that is written last, and the directory loses its name first.
package struct VolumeStore: Sendable {
    private let root: String

    package init(_ paths: EnginePaths) { root = paths.volumes }

    /// Where the files of the volume `name` are.
    package func directory(_ name: String) -> String { "\(root)/\(name)/_data" }

    func home(_ name: String) -> String { "\(root)/\(name)" }

    /// The volume `name`, which is made unless it is there. `nil` for a name takes a new one, and the volume is anonymous.
    @discardableResult package func create(
        _ name: String?, labels: [String: String] = [:]
    ) throws(EngineError) -> Volume {
        if let name { try checkVolumeName(name) }
        return try holding { () throws(EngineError) in
            if let name, let found = try find(name) { return found }
            var volume = Volume(name: name ?? newIdentifier(), created: realtimeNanoseconds())
            volume.labels = labels
            volume.isAnonymous = name == nil
            return try make(volume)
        }
    }

    /// The volume as it is when somebody else was faster.
    private func make(_ volume: Volume) throws(EngineError) -> Volume {
        try EngineError.step("make the volume \(volume.name)") { () throws(SystemError) in
            try makeDirectories(directory(volume.name), mode: 0o755)
        }
        return try withLock(home(volume.name)) { () throws(EngineError) in
            if let found = try find(volume.name) { return found }
            try write(volume)
            return volume
        }
    }

    /// The volume `name`.
    package func volume(_ name: String) throws(EngineError) -> Volume {
        guard let found = try find(name) else {
            throw EngineError("get \(name): no such volume", .notFound)
        }
        return found
    }

    /// All volumes, by name.
    package func volumes() throws(EngineError) -> [Volume] {
        let names: [String]
        do throws(SystemError) { names = try listDirectory(root) } catch {
            guard error.errno == .noEntity else { throw EngineError("cannot list the volumes: \(error)") }
            return []
        }
        var volumes: [Volume] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            if let volume = try find(name) { volumes.append(volume) }
        }
        return volumes
    }

    /// Removes the volume `name`. `users` answers the IDs of the containers which have it; it is asked while nobody claims one.
    package func remove(
        _ name: String, users: () throws(EngineError) -> [String]
    ) throws(EngineError) {
        try alone { () throws(EngineError) in
            _ = try volume(name)
            let users = try users()
            guard users.isEmpty else {
                throw EngineError(
                    "remove \(name): volume is in use - [\(users.joined(separator: ", "))]", .conflict)
            }
            try takeAway(name)
        }
    }

    /// Within ``alone(_:)``, of a volume nobody has.
    func takeAway(_ name: String) throws(EngineError) {
        try EngineError.step("remove the volume \(name)") { () throws(SystemError) in
            guard let old = EntryName(name), let new = EntryName(".removed-\(name)") else { return }
            let directory = try FileDescriptor.open(root, .directory)
            // Without its name first: half a volume must not be taken for a whole one.
            try directory.removeTree(new)
            try directory.rename(old, to: new, in: directory)
            try directory.removeTree(new)
        }
    }

    /// Replaces what is known about a volume.
    func write(_ volume: Volume) throws(EngineError) {
        try writeRecord("\(home(volume.name))/volume.json", volume.value)
    }

    func find(_ name: String) throws(EngineError) -> Volume? {
        // A name out of the command line may be any path.
        guard EntryName(name) != nil, !name.hasPrefix(".") else { return nil }
        let path = "\(home(name))/volume.json"
        guard let value = try readRecord(path) else { return nil }
        return try EngineError.reading(path) { () throws(JSONError) in try Volume(value) }
    }

    /// Runs `body` while nobody removes a volume: what it finds or makes stays until somebody has written down that he has it.
    func holding<Value>(_ body: () throws(EngineError) -> Value) throws(EngineError) -> Value {
        try locked(shared: true, body)
    }

    /// Runs `body` while nobody makes, claims or removes a volume.
    func alone<Value>(_ body: () throws(EngineError) -> Value) throws(EngineError) -> Value {
        try locked(shared: false, body)
    }

    private func locked<Value>(
        shared: Bool, _ body: () throws(EngineError) -> Value
    ) throws(EngineError) -> Value {
        let lock = try EngineError.step("lock the volumes") { () throws(SystemError) in
            try makeDirectories(root, mode: 0o701)
            let path = "\(root)/.lock"
            let file = try FileDescriptor.open(path, [.create, .readWrite, .noFollow], mode: 0o600)
            return try FileLock.take(file, name: path, shared: shared, wait: true)
        }
        guard let lock else { throw EngineError("the volumes are locked") }
        defer { keep(lock) }
        return try body()
    }
}
