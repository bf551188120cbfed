internal import JSON
internal import Kernel
internal import OCISpec

/// The state directory: one directory for each container.
///
///     ROOT/ID/config.json   the configuration as it was at create, byte for byte
///     ROOT/ID/state.json    what does not change: ``ContainerRecord``
///     ROOT/ID/init          pid and start time of the container's first process
///     ROOT/ID/resources.json  limits, once `update` has changed them
///     ROOT/ID/exec.fifo     there until `start`: the first process waits at it
///     ROOT/ID/notify/       shown to the container, with the socket of a ``ReadinessProxy``
///     ROOT/.cache/          compiled seccomp profiles
///
/// A container exists from mkdir(2) of its directory, which only one of two creators can win, to rmdir(2).
/// Whoever makes or removes it holds a lock on the directory; the lock goes when its holder dies, so what
/// is left without a lock and without `init` is the rest of a killed `create`.
package struct StateStore: Sendable {
    /// Name of the cache below ``root``; no container can have it.
    static let cacheName = ".cache"

    let root: String

    package init(root: String) { self.root = root }

    /// Every file of a container's directory, those half written included.
    private static let fileNames: Set = [
        "exec.fifo", "config.json", "state.json", "state.json.new", "init", "init.new", "resources.json",
        "resources.json.new",
    ]
    private static let notifyName = "notify"

    func directory(_ id: ContainerID) -> String { "\(root)/\(id.text)" }
    func fifoPath(_ id: ContainerID) -> String { "\(directory(id))/exec.fifo" }
    func notifyDirectory(_ id: ContainerID) -> String { "\(directory(id))/\(Self.notifyName)" }
    func configurationPath(_ id: ContainerID) -> String { "\(directory(id))/config.json" }
    private func recordPath(_ id: ContainerID) -> String { "\(directory(id))/state.json" }
    private func resourcesPath(_ id: ContainerID) -> String { "\(directory(id))/resources.json" }
    private func initPath(_ id: ContainerID) -> String { "\(directory(id))/init" }
    var cacheDirectory: String { "\(root)/\(Self.cacheName)" }

    /// Makes the container's directory, which fails when the name is taken, and locks it.
    func reserve(_ id: ContainerID) throws(RuntimeError) -> FileLock {
        do throws(SystemError) {
            do throws(SystemError) { return try makeLocked(id) } catch {
                // There is no root yet, or a `delete` that came in between took the directory for a killed create's.
                guard error.errno == .noEntity else { throw error }
                try makeDirectories(root, mode: 0o700)
                // Once: below a link that leads nowhere the answer is always the same.
                return try makeLocked(id)
            }
        } catch {
            if error.errno == .exists { throw .exists(id: id.text) }
            throw .system(step: "make the state directory of \(id.text)", reason: "\(error)")
        }
    }

    private func makeLocked(_ id: ContainerID) throws(SystemError) -> FileLock {
        try makeDirectory(directory(id), mode: 0o700)
        return try FileLock.takeNamed(directory(id))
    }

    /// Writes what `delete` needs before anything that must be deleted is made.
    func save(_ record: ContainerRecord, configuration: [UInt8], for id: ContainerID) throws(RuntimeError) {
        try RuntimeError.step("save the state of \(id.text)") { () throws(SystemError) in
            let copy = try FileDescriptor.open(
                configurationPath(id), [.create, .writeOnly, .exclusive], mode: 0o600)
            try copy.write(configuration)
            try replace(recordPath(id), with: record.json.text)
        }
    }

    /// Makes the directory of the container's notify socket, which every user of the container may walk into.
    func makeNotifyDirectory(_ id: ContainerID) throws(RuntimeError) {
        try RuntimeError.step("make the notify socket's directory") { () throws(SystemError) in
            let mask = changeUmask(0)
            defer { changeUmask(mask) }
            try makeDirectory(notifyDirectory(id), mode: 0o755)
        }
    }

    /// Notes the first process. From now on the container is created, not being created.
    func save(_ process: UniqueProcess, for id: ContainerID) throws(RuntimeError) {
        try RuntimeError.step("save the state of \(id.text)") { () throws(SystemError) in
            try replace(initPath(id), with: process.text)
        }
    }

    // A reader sees the old file or the new one, and a full disk leaves the old one.
    private func replace(_ path: String, with text: String) throws(SystemError) {
        try replaceFile(path, Array(text.utf8), mode: 0o600, isDurable: false)
    }

    /// The record of `id`; `nil` while it is being made, or when a killed `create` never wrote it.
    func record(_ id: ContainerID) throws(RuntimeError) -> ContainerRecord? {
        guard let bytes = try contents(of: recordPath(id), id) else {
            if holdsForeignFiles(id) { throw .unknown(id: id.text) }
            return nil
        }
        do throws(JSONError) {
            return try ContainerRecord(JSONReader(JSONValue(parsing: bytes)))
        } catch { throw .system(step: "read \(recordPath(id))", reason: "\(error)") }
    }

    /// The first process of `id`; `nil` before there is one.
    func initProcess(_ id: ContainerID) throws(RuntimeError) -> UniqueProcess? {
        guard let bytes = try contents(of: initPath(id), id) else { return nil }
        return UniqueProcess(text: String(decoding: bytes, as: UTF8.self))
    }

    /// The configuration `id` was created with.
    func configuration(_ id: ContainerID) throws(RuntimeError) -> Configuration {
        guard let bytes = try contents(of: configurationPath(id), id) else { throw .unknown(id: id.text) }
        do throws(JSONError) {
            return try Configuration(decoding: JSONReader(JSONValue(parsing: bytes)))
        } catch { throw .configuration(error) }
    }

    /// Limits as the last `update` left them; `nil` when there was none.
    func updatedResources(_ id: ContainerID) throws(RuntimeError) -> Resources? {
        guard let bytes = try contents(of: resourcesPath(id), id) else { return nil }
        do throws(JSONError) {
            return try Resources(decoding: JSONReader(JSONValue(parsing: bytes)))
        } catch { throw .system(step: "read \(resourcesPath(id))", reason: "\(error)") }
    }

    /// Notes the limits an `update` has set.
    func save(_ resources: Resources, for id: ContainerID) throws(RuntimeError) {
        try RuntimeError.step("save the state of \(id.text)") { () throws(SystemError) in
            try replace(resourcesPath(id), with: resources.json.text)
        }
    }

    /// All of a file of the container, or `nil` when the container has no such file.
    private func contents(of path: String, _ id: ContainerID) throws(RuntimeError) -> [UInt8]? {
        do throws(SystemError) {
            return try readFile(path)
        } catch {
            guard error.errno == .noEntity else {
                throw .system(step: "read the state of \(id.text)", reason: "\(error)")
            }
            if fileExists(directory(id)) { return nil }
            throw .unknown(id: id.text)
        }
    }

    /// Names of all containers, in alphabetical order.
    func identifiers() throws(RuntimeError) -> [ContainerID] {
        do throws(SystemError) {
            let names = try FileDescriptor.open(root, .directory).entries().filter(\.isDirectory).map(\.name)
            return names.sorted().compactMap { try? ContainerID($0) }  // what is no ID is not ours
        } catch {
            if error.errno == .noEntity { return [] }
            throw .system(step: "list the containers", reason: "\(error)")
        }
    }

    /// Whether a living process is making or removing `id` at this moment.
    func isBusy(_ id: ContainerID) -> Bool {
        do throws(SystemError) {
            // Shared, so that two who ask do not see each other.
            let file = try FileDescriptor.open(directory(id), .directory)
            return try FileLock.take(file, name: directory(id), shared: true, wait: false) == nil
        } catch { return false }
    }

    /// Waits until nobody else makes or removes `id`, and keeps it so while the answer lives.
    func lock(_ id: ContainerID) throws(RuntimeError) -> FileLock {
        do throws(SystemError) { return try FileLock.takeNamed(directory(id)) } catch {
            if error.errno == .noEntity { throw .unknown(id: id.text) }
            throw .system(step: "lock \(id.text)", reason: "\(error)")
        }
    }

    /// Whether the directory holds what this store never writes. With a wrong `--root` it is anybody's, and its files
    /// are not to be taken for the rest of a killed `create`.
    private func holdsForeignFiles(_ id: ContainerID) -> Bool {
        do throws(SystemError) {
            let entries = try FileDescriptor.open(directory(id), .directory).entries()
            return !entries.allSatisfy { Self.fileNames.contains($0.name) || $0.name == Self.notifyName }
        } catch { return false }
    }

    /// Removes every file of `id`, the directory last: until then the name is taken. What the store has not written
    /// stays, and the directory with it.
    func remove(_ id: ContainerID) throws(SystemError) {
        do throws(SystemError) {
            let directory = directory(id)
            let names = try listDirectory(directory)
            // The first process last: without it the container would seem to be made at this moment.
            for name in names where Self.fileNames.contains(name) && name != "init" {
                try removeFile("\(directory)/\(name)")
            }
            if names.contains(Self.notifyName) { try Self.removeNotifyDirectory(notifyDirectory(id)) }
            try removeFileIfPresent(initPath(id))
            try removeDirectory(directory)
        } catch {
            if error.errno != .noEntity { throw error }
        }
    }

    private static func removeNotifyDirectory(_ path: String) throws(SystemError) {
        for name in try listDirectory(path) { try removeFile("\(path)/\(name)") }
        try removeDirectory(path)
    }
}
