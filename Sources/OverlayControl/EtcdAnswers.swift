internal import Digest
package import JSON

/// What etcd's JSON gateway answers. Fields which are zero, false or empty are not there.
package enum EtcdAnswer {
    /// `/v3/kv/txn`.
    package static func commit(_ reader: JSONReader) throws(JSONError) -> StoreCommit {
        let isDone = try reader.optional("succeeded")?.boolean() ?? false
        var found: [StoreEntry] = []
        if !isDone {
            for response in try reader.optional("responses")?.elements() ?? [] {
                guard let range = try response.optional("response_range") else { continue }
                found += try entries(range).compactMap { $0.entry }
            }
        }
        return StoreCommit(isDone: isDone, revision: try revision(reader), found: found)
    }

    /// A part of a list.
    package struct Page: Hashable, Sendable {
        package let revision: Int64
        package let entries: [StoreEntry]
        /// Keys which are no text, and so nobody's of us.
        package let strangers: Int
        /// The last key, when there are more behind it.
        package let last: [UInt8]?
    }

    /// `/v3/kv/range`.
    package static func page(_ reader: JSONReader) throws(JSONError) -> Page {
        let all = try entries(reader)
        let entries = all.compactMap { $0.entry }
        let hasMore = try reader.optional("more")?.boolean() ?? false
        return Page(
            revision: try revision(reader), entries: entries, strangers: all.count - entries.count,
            last: hasMore ? all.last?.key : nil)
    }

    /// `/v3/lease/grant`.
    package static func grant(_ reader: JSONReader) throws(JSONError) -> StoreLease {
        StoreLease(id: try number(reader.required("ID")))
    }

    /// `/v3/lease/keepalive`: whether the lease lives. That of one which has gone has no time.
    package static func keepAlive(_ reader: JSONReader) throws(JSONError) -> Bool {
        try number(reader.required("result").optional("TTL")) > 0
    }

    /// `/v3/auth/authenticate`.
    package static func token(_ reader: JSONReader) throws(JSONError) -> String {
        try reader.required("token").string()
    }

    /// The store's revision when it answered.
    static func revision(_ reader: JSONReader) throws(JSONError) -> Int64 {
        try number(reader.required("header").optional("revision"))
    }

    private static func entries(
        _ reader: JSONReader
    ) throws(JSONError) -> [(key: [UInt8], entry: StoreEntry?)] {
        var entries: [(key: [UInt8], entry: StoreEntry?)] = []
        for element in try reader.optional("kvs")?.elements() ?? [] { entries.append(try entry(element)) }
        return entries
    }

    /// A key and its value; no entry when the key is no text.
    static func entry(_ reader: JSONReader) throws(JSONError) -> (key: [UInt8], entry: StoreEntry?) {
        let key = try bytes(reader.required("key"))
        guard let text = String(validating: key, as: UTF8.self) else { return (key, nil) }
        let entry = StoreEntry(
            key: text, value: try bytes(reader.optional("value")),
            createRevision: try number(reader.optional("create_revision")),
            modRevision: try number(reader.optional("mod_revision")),
            isLeased: try number(reader.optional("lease")) != 0)
        return (key, entry)
    }

    private static func bytes(_ reader: JSONReader?) throws(JSONError) -> [UInt8] {
        guard let reader else { return [] }
        guard let bytes = Base64.decode(try reader.string()) else { throw reader.notAllowed("no base 64") }
        return bytes
    }

    /// A number of 64 bits; older and newer gateways write small ones as numbers.
    ///
    /// -1 is the least etcd has, and one more than the greatest is a number, too.
    static func number(_ reader: JSONReader?) throws(JSONError) -> Int64 {
        guard let reader else { return 0 }
        guard case .string(let text) = reader.value else {
            return try reader.integer(in: -1...(Int64.max - 1))
        }
        guard let number = Int64(text), number >= -1, number < Int64.max else {
            throw reader.notAllowed("'\(text)' is no number of 64 bits")
        }
        return number
    }
}
