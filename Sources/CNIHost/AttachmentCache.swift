internal import JSON
internal import Kernel

/// The attachments of this host's networks, one file each, in libcni's place and form: other hosts read and write them, too.
///
/// Beside `results` it has two directories of its own: `apus-pending` for what is being done, so that a host which is
/// killed in the middle leaves a trace to clean up by, and `apus-locks`.
package struct AttachmentCache: Sendable {
    /// The directory above all of them.
    package let path: String

    /// `path`: libcni's own by default.
    package init(_ path: String = "/var/lib/cni") { self.path = path }

    /// An entry of the cache with what can be known of it from outside.
    package struct Entry: Sendable {
        package let key: AttachmentKey
        package let record: AttachmentRecord
        package let state: State
    }

    /// Whether an attachment is one any more.
    package enum State: String, Sendable {
        case attached
        /// The network namespace has gone.
        case gone
        /// It is of the time before the machine was started.
        case old
        /// Its ADD has not come to an end: it runs, or was killed.
        case pending
    }

    var results: String { path + "/results" }
    var pending: String { path + "/apus-pending" }
    var locks: String { path + "/apus-locks" }

    /// Where a record is written before it gets its name: one for each container, as there is one operation at a time.
    func draft(ofContainer id: String) -> String { "\(pending)/.\(id)" }
}

// An error is never taken for "nothing is remembered": upon that, others take containers' interfaces and addresses away.
extension AttachmentCache {
    /// What is remembered of an attachment; `nil` when nothing is, or when the file is no record of it.
    package func entry(_ key: AttachmentKey) throws(HostError) -> Entry? {
        if let entry = try entry("\(results)/\(key.fileName)", name: key) { return entry }
        return try entry("\(pending)/\(key.fileName)", name: key)
    }

    /// Every attachment which is remembered, of one container when `containerID` is given, sorted by network, container and interface.
    ///
    /// What is no record of an attachment, or has not all of its names, is passed over.
    package func entries(containerID: String? = nil) throws(HostError) -> [Entry] {
        try contents().entries.filter { containerID == nil || $0.key.containerID == containerID }
    }

    /// The attachments of a network, by which GC goes: there are no others.
    ///
    /// - Throws: ``HostError/noRecord(file:network:)`` for a file of the network's which does not tell whose it is.
    package func allEntries(network: String) throws(HostError) -> [Entry] {
        let contents = try contents()
        if let file = contents.strangers.first(where: { $0.hasPrefix(network + "-") }) {
            throw .noRecord(file: "\(results)/\(file)", network: network)
        }
        return contents.entries.filter { $0.key.network == network }
    }

    /// The sorted attachments, and the names of the files in `results` which are none.
    ///
    /// Only there: in `pending` a crash of the machine leaves empty files, and the attachments are gone with it.
    private func contents() throws(HostError) -> (entries: [Entry], strangers: [String]) {
        var found: [AttachmentKey: Entry] = [:]
        var strangers: [String] = []
        // A finished attachment hides what was left pending beside it.
        for folder in [pending, results] {
            strangers = []
            for name in try names(in: folder) where !name.hasPrefix(".") {
                let file = "\(folder)/\(name)"
                if let entry = try entry(file), !entry.key.isIncomplete {
                    found[entry.key] = entry
                } else if try isThere(file) {
                    strangers.append(name)
                }
            }
        }
        let entries = found.values.sorted { left, right in
            (left.key.network, left.key.containerID, left.key.interface)
                < (right.key.network, right.key.containerID, right.key.interface)
        }
        return (entries, strangers.sorted())
    }

    /// Writes down what is about to be done: whole or not at all.
    ///
    /// That it outlives the machine is not needed, for what it tells of does not.
    func announce(_ record: AttachmentRecord, _ key: AttachmentKey) throws(HostError) {
        let draft = draft(ofContainer: key.containerID)
        do throws(HostError) {
            try step("note what is begun") { () throws(SystemError) in
                try makeDirectories(pending, mode: 0o700)
                let file = try FileDescriptor.open(
                    draft, [.create, .writeOnly, .truncate, .noFollow], mode: 0o600)
                try file.write(record.bytes)
                BootMark.set(on: file)
                try renameFile(draft, to: "\(pending)/\(key.fileName)")
            }
        } catch {
            do throws(SystemError) { try removeFileIfPresent(draft) } catch {}
            throw error
        }
    }

    /// Keeps a finished attachment.
    func store(_ record: AttachmentRecord, _ key: AttachmentKey) throws(HostError) {
        try step("keep the result in the cache") { () throws(SystemError) in
            try makeDirectories(results, mode: 0o700)
            // The draft is not in `results`: others would take it for an attachment.
            try replaceFile(
                "\(results)/\(key.fileName)", record.bytes, mode: 0o600,
                draft: draft(ofContainer: key.containerID))
            BootMark.set(on: try FileDescriptor.open("\(results)/\(key.fileName)"))
            try removeFileIfPresent("\(pending)/\(key.fileName)")
        }
    }

    /// Forgets an attachment, whatever its file holds, unless that is another attachment.
    func remove(_ key: AttachmentKey) throws(HostError) {
        var files: [String] = []
        for folder in [results, pending] {
            guard try holder(of: key.fileName, in: folder, but: key) == nil else { continue }
            files.append("\(folder)/\(key.fileName)")
        }
        try step("remove the result from the cache") { () throws(SystemError) in
            for file in files { try removeFileIfPresent(file) }
            try removeFileIfPresent(draft(ofContainer: key.containerID))
        }
    }

    /// The attachment of another network which has the interface of `key`.
    func neighbour(of key: AttachmentKey) throws(HostError) -> Entry? {
        let end = "-\(key.containerID)-\(key.interface)"
        for name in try names(in: results) where name.hasSuffix(end) && name != key.fileName {
            guard let entry = try entry("\(results)/\(name)"), entry.key.containerID == key.containerID,
                entry.key.interface == key.interface, entry.state == .attached
            else { continue }
            return entry
        }
        return nil
    }

    /// Another attachment which has the file of `key`: two sets of names can make one file name.
    func holder(of key: AttachmentKey) throws(HostError) -> AttachmentKey? {
        if let other = try holder(of: key.fileName, in: results, but: key) { return other }
        return try holder(of: key.fileName, in: pending, but: key)
    }

    private func holder(
        of name: String, in folder: String, but key: AttachmentKey
    ) throws(HostError) -> AttachmentKey? {
        guard let other = try entry("\(folder)/\(name)")?.key, other != key, other.fileName == name else {
            return nil
        }
        return other
    }

    private func entry(_ file: String, name: AttachmentKey? = nil) throws(HostError) -> Entry? {
        guard let bytes = try bytes(of: file), let record = try? AttachmentRecord(parsing: bytes),
            let key = record.key ?? name, name == nil || key == name
        else { return nil }
        return try ifPresent { () throws(SystemError) in
            Entry(key: key, record: record, state: try state(of: record, file))
        }
    }

    /// `nil` for what is no file.
    private func bytes(of file: String) throws(HostError) -> [UInt8]? {
        try ifPresent { () throws(SystemError) in try readFile(file) }
    }

    /// `nil` where `body` finds no file.
    private func ifPresent<Value>(_ body: () throws(SystemError) -> Value) throws(HostError) -> Value? {
        do throws(SystemError) { return try body() } catch {
            if [.noEntity, .notDirectory, .nameTooLong, .isDirectory].contains(error.errno) { return nil }
            throw .system(step: Self.reading, reason: "\(error)")
        }
    }

    private func names(in folder: String) throws(HostError) -> [String] {
        try step(Self.reading) { () throws(SystemError) in try listDirectoryIfPresent(folder) }
    }

    /// Whether a name that was read a moment ago is not one of an attachment which has ended meanwhile.
    private func isThere(_ file: String) throws(HostError) -> Bool {
        try step(Self.reading) { () throws(SystemError) in try isPresent(file) }
    }

    private static var reading: String { "read the cache of attachments" }

    private func state(of record: AttachmentRecord, _ file: String) throws(SystemError) -> State {
        if try BootMark.isOld(file, namespace: record.namespace) { return .old }
        if !namespaceExists(record.namespace) { return .gone }
        return file.hasPrefix(pending) ? .pending : .attached
    }
}

extension AttachmentKey {
    fileprivate var isIncomplete: Bool { network.isEmpty || containerID.isEmpty || interface.isEmpty }
}

/// Whether `path` leads to a network namespace; true also where nobody can tell.
func namespaceExists(_ path: String) -> Bool {
    guard !path.isEmpty else { return true }
    do throws(SystemError) {
        _ = try NetworkNamespace(path: path)
        return true
    } catch {
        // EINVAL: the file a namespace was mounted on is still there.
        return ![.noEntity, .notDirectory, .invalidArgument, .noProcess].contains(error.errno)
    }
}

extension AttachmentCache {
    /// The network `name` as one of its attachments remembers it; `nil` when none does.
    package func network(named name: String) throws(HostError) -> NetworkConfiguration? {
        for entry in try entries() where entry.key.network == name {
            if let network = entry.record.network(or: nil) { return network }
        }
        return nil
    }
}
