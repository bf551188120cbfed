package import JSON

/// A message of `/v3/watch`.
package enum EtcdWatchMessage: Hashable, Sendable {
    /// The watch `id` has begun.
    case created(id: Int64)
    /// Keys which are no text are left out: there may be no change at all.
    case changes(id: Int64, revision: Int64, [StoreChange])
    /// It cannot begin where it should: what happened before this revision is forgotten.
    case compacted(Int64)
    /// The server has ended a watch, for the reason it gives.
    case cancelled(reason: String)
    /// Nothing has happened.
    case progress
    /// The server ends all of it.
    case failed(EtcdRefusal)

    package init(_ reader: JSONReader) throws(JSONError) {
        guard let result = try reader.optional("result") else {
            guard let refusal = EtcdRefusal(reader) else { throw reader.notAllowed("no result and no error") }
            self = .failed(refusal)
            return
        }
        let id = try EtcdAnswer.number(result.optional("watch_id"))
        let compaction = try EtcdAnswer.number(result.optional("compact_revision"))
        let events = try result.optional("events")?.elements() ?? []
        if compaction > 0 {
            self = .compacted(compaction)
        } else if try result.optional("canceled")?.boolean() ?? false {
            self = .cancelled(reason: try result.optional("cancel_reason")?.string() ?? "")
        } else if try result.optional("created")?.boolean() ?? false {
            self = .created(id: id)
        } else if events.isEmpty {
            self = .progress
        } else {
            self = try Self.changes(id, try EtcdAnswer.revision(result), events)
        }
    }

    private static func changes(
        _ id: Int64, _ header: Int64, _ events: [JSONReader]
    ) throws(JSONError) -> EtcdWatchMessage {
        var changes: [StoreChange] = []
        var last: Int64 = 0
        for event in events {
            let kv = try event.required("kv")
            last = max(last, try EtcdAnswer.number(kv.optional("mod_revision")))
            guard let entry = try EtcdAnswer.entry(kv).entry else { continue }
            // What is zero is not written: the type of a PUT.
            switch try event.optional("type")?.value ?? .string("PUT") {
            case .string("PUT"), .integer(0): changes.append(.put(entry))
            case .string("DELETE"), .integer(1): changes.append(.deleted(key: entry.key))
            default: throw event.notAllowed("neither PUT nor DELETE")
            }
        }
        // A header may be ahead of the events: the store went on while they were on their way.
        return .changes(id: id, revision: last > 0 ? last : header, changes)
    }
}
