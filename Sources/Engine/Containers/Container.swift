internal import JSON
internal import Kernel

/// One container of the engine's.
///
/// What is true of it is worked out whenever somebody asks: nothing says "running" but a process that lives.
package struct Container: Sendable {
    package let engine: ContainerEngine
    package var record: ContainerRecord

    package init(_ record: ContainerRecord, of engine: ContainerEngine) {
        self.record = record
        self.engine = engine
    }

    package var id: String { record.id }
    /// What is stored of it.
    var folder: String { engine.paths.container(id) }
    /// Where it runs, while it does.
    var bundle: String { engine.paths.bundle(id) }
    /// Its root file system, while it runs.
    package var root: String { folder + "/rootfs" }
    /// What its program has written.
    package var logPath: String { folder + "/container.log" }
}

extension ContainerEngine {
    /// The container with the name, the ID, or the beginning of an ID.
    package func container(_ text: String) throws(EngineError) -> Container {
        Container(try find(text), of: self)
    }
}

extension Container {
    /// Runs `body` while no other process changes this container. `body` gets the container as it is stored by then.
    func locked<Value>(
        _ body: (Container) throws(EngineError) -> Value
    ) throws(EngineError) -> Value {
        let gone = EngineError("No such container: \(record.name)", .notFound)
        let lock: FileLock?
        do throws(SystemError) { lock = try FileLock.take(folder, wait: true) } catch {
            throw error.errno == .noEntity ? gone : EngineError("cannot lock \(folder): \(error)")
        }
        // Who waited may hold the lock of what has been removed meanwhile.
        guard let lock, let record = try engine.record(id) else { throw gone }
        defer { keep(lock) }
        return try body(Container(record, of: engine))
    }

    /// What happened to it; `nil` before its first start.
    package func outcome() throws(EngineError) -> Outcome? {
        let path = folder + "/outcome.json"
        guard let value = try readRecord(path) else { return nil }
        return try EngineError.reading(path) { () throws(JSONError) in try Outcome(value) }
    }

    func write(_ outcome: Outcome) throws(EngineError) {
        // What is lost with a crash of the machine is only when it was started last, and that it ended then is clear.
        try writeRecord(folder + "/outcome.json", outcome.value, isDurable: false)
    }

    /// What its last start left, until its end is dealt with.
    func running() throws(EngineError) -> Running? {
        let path = bundle + "/started.json"
        guard let value = try readRecord(path) else { return nil }
        return try EngineError.reading(path) { () throws(JSONError) in try Running(value) }
    }

    /// Tells who follows `events`.
    func tell(_ action: String, _ attributes: [String: String] = [:]) {
        let own = ["image": record.image, "name": record.name]
        engine.paths.tell(
            EngineEvent(
                type: "container", action: action, id: id,
                attributes: record.labels.merging(own) { $1 }.merging(attributes) { $1 }))
    }
}
