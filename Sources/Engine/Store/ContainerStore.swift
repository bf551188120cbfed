internal import JSON
internal import Kernel

extension ContainerEngine {
    /// What was asked for the container `id`; `nil` when there is none, or it is half removed.
    package func record(_ id: String) throws(EngineError) -> ContainerRecord? {
        let path = paths.container(id) + "/record.json"
        guard let value = try readRecord(path) else { return nil }
        return try EngineError.reading(path) { () throws(JSONError) in try ContainerRecord(value) }
    }

    /// All containers, the newest first. One whose record cannot be read is left out.
    package func records() throws(EngineError) -> [ContainerRecord] {
        var found: [ContainerRecord] = []
        for id in try identifiers() {
            // One which cannot be read must not hide the others; who names it is told.
            if let record = try? record(id) { found.append(record) }
        }
        return found.sorted { ($0.created, $0.id) > ($1.created, $1.id) }
    }

    /// The container with the name, the ID, or the beginning of an ID which no other one has.
    package func find(_ text: String) throws(EngineError) -> ContainerRecord {
        if text.utf8.count == 64, isHexadecimal(text), let record = try record(text) { return record }
        if let record = try record(named: text.hasPrefix("/") ? String(text.dropFirst()) : text) {
            return record
        }
        if isHexadecimal(text) {
            let matches = try identifiers().filter { $0.hasPrefix(text) }
            guard matches.count < 2 else {
                throw EngineError("multiple IDs found with provided prefix: \(text)", .conflict)
            }
            if let id = matches.first, let record = try record(id) { return record }
        }
        throw EngineError("No such container: \(text)", .notFound)
    }

    /// The container with exactly this name.
    package func record(named name: String) throws(EngineError) -> ContainerRecord? {
        guard isAllowedName(name), let id = try? readLink(paths.names + "/" + name) else { return nil }
        // Who was killed while he renamed or removed a container left a link which says nothing any more.
        guard let record = try record(id), record.name == name else { return nil }
        return record
    }

    func identifiers() throws(EngineError) -> [String] {
        do throws(SystemError) {
            return try listDirectory(paths.containers).filter { $0.utf8.count == 64 && isHexadecimal($0) }
        } catch {
            if error.errno == .noEntity { return [] }
            throw EngineError("cannot list containers: \(error)")
        }
    }
}

extension ContainerEngine {
    /// Stores a new container with its network, under its name or, when that is empty, under one by chance; answers the record as it
    /// is stored.
    func add(
        _ record: ContainerRecord, _ network: SandboxRecord
    ) throws(EngineError) -> ContainerRecord {
        var record = record
        if !record.name.isEmpty, !isAllowedName(record.name) {
            throw EngineError(
                "Invalid container name (\(record.name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed",
                .invalid
            )
        }
        let folder = paths.container(record.id)
        try EngineError.step("make \(folder)") { () throws(SystemError) in
            try makeDirectories(paths.containers, mode: 0o711)
            try makeDirectories(paths.names, mode: 0o711)
        }
        return try changingNames { () throws(EngineError) in
            if record.name.isEmpty { record.name = try freeName() }
            try checkIsFree(record.name)
            try EngineError.step("make \(folder)") { () throws(SystemError) in
                try makeDirectory(folder, mode: 0o710)
            }
            do throws(EngineError) { try fill(record, network) } catch {
                forgetName(record.name)
                try? removeTree(record.id, in: paths.containers)
                throw error
            }
            return record
        }
    }

    private func fill(_ record: ContainerRecord, _ network: SandboxRecord) throws(EngineError) {
        var network = network
        network.request.name = record.name
        try network.write(paths, isDurable: !record.removesItself)
        try setName(record.name, id: record.id)
        // Last: it is what makes a container of the folder, and one without a network could only be started in the host's.
        try write(record)
    }

    /// Stores a changed record.
    package func write(_ record: ContainerRecord) throws(EngineError) {
        // A container which goes with its program is not missed after a crash of the machine.
        try writeRecord(
            paths.container(record.id) + "/record.json", record.value, isDurable: !record.removesItself)
    }

    /// Gives the container another name.
    package func rename(_ record: ContainerRecord, to name: String) throws(EngineError) -> ContainerRecord {
        guard isAllowedName(name) else {
            throw EngineError(
                "Invalid container name (\(name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed", .invalid)
        }
        guard name != record.name else {
            throw EngineError("Renaming a container with the same name as its current name", .invalid)
        }
        return try changingNames { () throws(EngineError) in
            try checkIsFree(name)
            try setName(name, id: record.id)
            var renamed = record
            renamed.name = name
            try write(renamed)
            forgetName(record.name)
            return renamed
        }
    }

    /// Takes all that is stored of a container away. Nothing may be mounted there.
    func forget(_ record: ContainerRecord) throws(EngineError) {
        try changingNames { () throws(EngineError) in
            if (try? readLink(paths.names + "/" + record.name)) == record.id { forgetName(record.name) }
        }
        try EngineError.step("remove \(paths.container(record.id))") { () throws(SystemError) in
            // First what makes it a container: from here on nobody finds a half removed one.
            try removeFileIfPresent(paths.container(record.id) + "/record.json")
            try removeTree(record.id, in: paths.containers)
        }
    }

    func changingNames<Value>(
        _ body: () throws(EngineError) -> Value
    ) throws(EngineError) -> Value {
        guard
            let lock = try EngineError.step(
                "lock \(paths.names)",
                { () throws(SystemError) in
                    try FileLock.take(paths.names, wait: true)
                })
        else { throw EngineError("\(paths.names) is locked") }
        defer { keep(lock) }
        return try body()
    }

    private func freeName() throws(EngineError) -> String {
        for attempt in 0..<20 {
            let name = newName(attempt: attempt)
            if try record(named: name) == nil { return name }
        }
        throw EngineError("no free name was found", .conflict)
    }

    private func checkIsFree(_ name: String) throws(EngineError) {
        guard let owner = try record(named: name) else { return }
        throw EngineError(
            "Conflict. The container name \"/\(name)\" is already in use by container \"\(owner.id)\". You have to remove (or rename) "
                + "that container to be able to reuse that name.", .conflict)
    }

    private func setName(_ name: String, id: String) throws(EngineError) {
        try EngineError.step("store the name \(name)") { () throws(SystemError) in
            let folder = try FileDescriptor.open(paths.names, .directory)
            try removeFileIfPresent(paths.names + "/" + name)
            try folder.makeLink(name, to: id)
        }
    }

    private func forgetName(_ name: String) {
        // A link that stays says nothing: its container is gone or has another name.
        try? removeFileIfPresent(paths.names + "/" + name)
    }
}

/// Says that the lock is held up to here.
func keep(_ lock: borrowing FileLock) {}

/// Removes `name` in `folder` with all below it; that it is missing is no error.
func removeTree(_ name: String, in folder: String) throws(SystemError) {
    guard let name = EntryName(name) else { return }
    do throws(SystemError) {
        try FileDescriptor.open(folder, .directory).removeTree(name)
    } catch { if error.errno != .noEntity { throw error } }
}
