internal import Digest
package import JSON

// The file of a local store: what goes with no lease.
extension StoreState {
    private static let version: Int64 = 1

    /// The file's text.
    package var json: JSONValue {
        var object = JSONObject()
        object.set("version", Self.version)
        object.set("revision", revision)
        object.set("entries", lasting) { Self.json($0).value }
        return object.value
    }

    /// Reads the file's text.
    package init(_ reader: JSONReader) throws(JSONError) {
        _ = try reader.required("version").integer(in: Self.version...Self.version)
        let revision = try reader.required("revision").integer(in: 1 ... .max)
        var entries: [StoreEntry] = []
        for element in try reader.optional("entries")?.elements() ?? [] {
            entries.append(try Self.entry(element, 1...revision))
        }
        self.init(revision: revision, entries: entries)
    }

    /// Values are texts, which a person wants to read; what is none is base 64.
    private static func json(_ entry: StoreEntry) -> JSONObject {
        var object = JSONObject()
        object.set("key", entry.key)
        if !entry.value.contains(0), let text = String(validating: entry.value, as: UTF8.self) {
            object.set("value", text)
        } else {
            object.set("base64", Base64.encode(entry.value))
        }
        object.set("created", entry.createRevision)
        object.set("changed", entry.modRevision)
        return object
    }

    private static func entry(
        _ reader: JSONReader, _ revisions: ClosedRange<Int64>
    ) throws(JSONError) -> StoreEntry {
        StoreEntry(
            key: try reader.required("key").string(), value: try value(reader),
            createRevision: try reader.required("created").integer(in: revisions),
            modRevision: try reader.required("changed").integer(in: revisions), isLeased: false)
    }

    private static func value(_ reader: JSONReader) throws(JSONError) -> [UInt8] {
        guard let code = try reader.optional("base64") else {
            return Array(try reader.required("value").string().utf8)
        }
        guard let bytes = Base64.decode(try code.string()) else { throw code.notAllowed("no base 64") }
        return bytes
    }
}
