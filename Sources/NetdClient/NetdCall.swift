package import JSON

/// What `apus-netd` is asked: one line of JSON on its socket, answered by one line.
package enum NetdCall: Hashable, Sendable {
    /// Look at a record again, which is new, has changed or has gone. `record` is the name of its file.
    case sync(RecordKind, record: String)
    /// Say what is served.
    case status
    /// End.
    case stop

    package init(_ reader: JSONReader) throws(JSONError) {
        let word = try reader.required("do")
        switch try word.choice(Word.self) {
        case .sync:
            let record = try reader.required("record")
            let name = try record.string()
            // It becomes a path.
            guard !name.isEmpty, !name.hasPrefix("."), !name.utf8.contains(UInt8(ascii: "/")) else {
                throw record.notAllowed("'\(name)' is not the name of a file")
            }
            self = .sync(try reader.required("kind").choice(RecordKind.self), record: name)
        case .status: self = .status
        case .stop: self = .stop
        }
    }

    /// The line, without its end.
    package var json: JSONValue {
        var object = JSONObject()
        switch self {
        case .sync(let kind, let record):
            object.set("do", Word.sync.rawValue)
            object.set("kind", kind.rawValue)
            object.set("record", record)
        case .status: object.set("do", Word.status.rawValue)
        case .stop: object.set("do", Word.stop.rawValue)
        }
        return object.value
    }

    private enum Word: String, CaseIterable { case sync, status, stop }
}
