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
        return try locked { () throws(EngineError) in
            if let name, let found = try find(name) { return found }
            var volume = Volume(name: name ?? newVolumeName(), created: realtimeNanoseconds())
            volume.labels = labels
            volume.isAnonymous = name == nil
            try step("make the volume \(volume.name)") { () throws(SystemError) in
                try makeDirectories(directory(volume.name), mode: 0o755)
            }
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

    /// Removes the volume `name`. `users`: the IDs of the containers which have it.
    package func remove(_ name: String, users: [String]) throws(EngineError) {
        try locked { () throws(EngineError) in
            _ = try volume(name)
            guard users.isEmpty else {
                throw EngineError(
                    "remove \(name): volume is in use - [\(users.joined(separator: ", "))]", .conflict)
            }
            try step("remove the volume \(name)") { () throws(SystemError) in
                guard let old = EntryName(name), let new = EntryName(".removed-\(name)") else { return }
                let directory = try FileDescriptor.open(root, .directory)
                // Without its name first: half a volume must not be taken for a whole one.
                try directory.removeTree(new)
                try directory.rename(old, to: new, in: directory)
                try directory.removeTree(new)
            }
        }
    }

    /// Replaces what is known about a volume.
    func write(_ volume: Volume) throws(EngineError) {
        try step("write the volume \(volume.name)") { () throws(SystemError) in
            try replaceFile(
                "\(home(volume.name))/volume.json", Array((volume.value.text + "\n").utf8), mode: 0o600)
        }
    }

    private func find(_ name: String) throws(EngineError) -> Volume? {
        // A name out of the command line may be any path.
        guard EntryName(name) != nil, !name.hasPrefix(".") else { return nil }
        let path = "\(home(name))/volume.json"
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try readFile(path) } catch {
            if error.errno == .noEntity || error.errno == .notDirectory { return nil }
            throw EngineError("cannot read \(path): \(error.errno.reason)")
        }
        do throws(JSONError) { return try Volume(JSONValue(parsing: bytes)) } catch {
            throw EngineError("\(path): \(error)")
        }
    }

    /// Runs `body` while nobody else makes or removes volumes.
    private func locked<Value>(_ body: () throws(EngineError) -> Value) throws(EngineError) -> Value {
        let lock = try step("lock the volumes") { () throws(SystemError) in
            try makeDirectories(root, mode: 0o701)
            let path = "\(root)/.lock"
            let file = try FileDescriptor.open(path, [.create, .readWrite, .noFollow], mode: 0o600)
            return try FileLock.take(file, name: path, wait: true)
        }
        defer { keep(lock) }
        return try body()
    }

    /// Says that the lock is held up to here.
    private func keep(_ lock: borrowing FileLock?) {}

    func step<Value: ~Copyable>(
        _ name: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
    ) throws(EngineError) -> Value {
        do throws(SystemError) { return try body() } catch {
            throw EngineError("cannot \(name()): \(error)")
        }
    }
}

/// 64 digits of base 16, as Docker names a volume without a name.
package func newVolumeName() -> String {
    var name = ""
    var source = SystemRandomNumberGenerator()
    for _ in 0..<4 {
        let digits = String(source.next() as UInt64, radix: 16)
        name += String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
    return name
}
