package import JSON
internal import Kernel

/// Something that happened, as `events` shows it.
package struct EngineEvent: Hashable, Sendable {
    /// `container`, `network`, `volume` or `image`.
    package var type: String
    /// `create`, `start`, `die`, `connect`...
    package var action: String
    /// The ID, or for volumes the name.
    package var id: String
    package var attributes: [String: String]
    /// Nanoseconds since 1970.
    package var time: Int64

    package init(
        type: String, action: String, id: String, attributes: [String: String] = [:],
        time: Int64 = realtimeNanoseconds()
    ) {
        self.type = type
        self.action = action
        self.id = id
        self.attributes = attributes
        self.time = time
    }

    /// As Docker's `--format json` has it.
    package var value: JSONValue {
        var subject = JSONObject()
        subject.set("ID", id)
        subject.set(
            "Attributes",
            .object(attributes.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }))
        var object = JSONObject()
        if type == "container" {
            object.set("status", action)
            object.set("id", id)
            object.set("from", attributes["image"])
        }
        object.set("Type", type)
        object.set("Action", action)
        object.set("Actor", subject.value)
        object.set("scope", "local")
        object.set("time", time / 1_000_000_000)
        object.set("timeNano", time)
        return object.value
    }

    package init(_ value: JSONValue) throws(JSONError) {
        let reader = JSONReader(value)
        type = try reader.required("Type").string()
        action = try reader.required("Action").string()
        let subject = try reader.required("Actor")
        id = try subject.required("ID").string()
        attributes = try subject.optional("Attributes")?.stringMap() ?? [:]
        time = try reader.required("timeNano").integer()
    }
}

extension EnginePaths {
    /// Remembers that something happened. Best effort: nothing fails because nobody could be told.
    package func tell(_ event: EngineEvent) {
        do throws(SystemError) {
            let file = try openEvents()
            // One write to the end of the file: lines of several processes do not mix. write(2), O_APPEND.
            try file.write(event.value.text + "\n")
            guard try file.status().size > Self.mostEventBytes else { return }
            try putAway(file)
        } catch {}
    }

    /// Makes the events in `file` the older ones, unless somebody else has: what took their place stays.
    func putAway(_ file: consuming FileDescriptor) throws(SystemError) {
        let inode = try file.status().inode
        let lock = try FileLock.take(file, name: events, wait: true)
        guard try fileStatus(events).inode == inode else { return }
        try renameFile(events, to: events + ".old")
        _ = consume lock
    }

    private func openEvents() throws(SystemError) -> FileDescriptor {
        do throws(SystemError) {
            return try .open(events, [.create, .writeOnly, .append], mode: 0o600)
        } catch {
            guard error.errno == .noEntity else { throw error }
            try makeDirectories(run, mode: 0o711)
            return try .open(events, [.create, .writeOnly, .append], mode: 0o600)
        }
    }

    /// Then a new file begins; one older file is kept.
    private static var mostEventBytes: Int64 { 4 << 20 }
}
