internal import Digest
package import JSON

/// The bodies of what is asked of etcd's JSON gateway. etcd 3.4, `rpc.proto`: bytes are base 64, 64-bit numbers are strings.
package enum EtcdRequest {
    /// `/v3/kv/txn`.
    package static func transaction(_ transaction: StoreTransaction) -> JSONValue {
        var body = JSONObject()
        body.set("compare", transaction.conditions) { compare($0).value }
        body.set("success", transaction.operations) { operation($0).value }
        body.set("failure", transaction.otherwise) { key in
            var range = JSONObject()
            range.set("key", base64(key))
            return wrapped("request_range", range).value
        }
        return body.value
    }

    /// `/v3/kv/range`: at most `limit` keys below `prefix`, behind `last` where there is one, at `revision` (nil: the present one).
    package static func page(
        _ prefix: String, after last: [UInt8]?, at revision: Int64?, limit: Int
    ) -> JSONValue {
        let range = KeyRange(prefix: prefix)
        var body = JSONObject()
        // Nothing lies between a key and the same key with a NUL behind it.
        body.set("key", Base64.encode(last.map { $0 + [0] } ?? range.first))
        body.set("range_end", Base64.encode(range.end))
        body.set("limit", String(limit))
        body.set("revision", revision.map { String($0) })
        return body.value
    }

    /// `/v3/watch`: one of the messages of its body.
    package static func watch(_ prefix: String, id: Int64, from revision: Int64) -> JSONValue {
        let range = KeyRange(prefix: prefix)
        var create = JSONObject()
        create.set("key", Base64.encode(range.first))
        create.set("range_end", Base64.encode(range.end))
        create.set("start_revision", String(revision))
        create.set("watch_id", String(id))
        create.set("progress_notify", true)
        return wrapped("create_request", create).value
    }

    /// `/v3/watch`: asks for a sign of life.
    package static var progress: JSONValue {
        .object([.init("progress_request", .object([]))])
    }

    /// `/v3/lease/grant`.
    package static func grant(seconds: Int64) -> JSONValue {
        .object([.init("TTL", .string(String(seconds)))])
    }

    /// `/v3/lease/keepalive`, `/v3/lease/revoke`.
    package static func lease(_ lease: StoreLease) -> JSONValue {
        .object([.init("ID", .string(String(lease.id)))])
    }

    /// `/v3/auth/authenticate`.
    package static func authenticate(user: String, password: String) -> JSONValue {
        .object([.init("name", .string(user)), .init("password", .string(password))])
    }

    private static func compare(_ condition: StoreTransaction.Condition) -> JSONObject {
        switch condition {
        case .absent(let key): compare(key, "EQUAL", "CREATE", "create_revision", "0")
        case .present(let key): compare(key, "GREATER", "CREATE", "create_revision", "0")
        case .unchanged(let key, let revision): compare(key, "EQUAL", "MOD", "mod_revision", String(revision))
        case .holds(let key, let value): compare(key, "EQUAL", "VALUE", "value", Base64.encode(value))
        }
    }

    private static func compare(
        _ key: String, _ result: String, _ target: String, _ name: String, _ operand: String
    ) -> JSONObject {
        var object = JSONObject()
        object.set("key", base64(key))
        object.set("result", result)
        object.set("target", target)
        object.set(name, operand)
        return object
    }

    private static func operation(_ operation: StoreTransaction.Operation) -> JSONObject {
        var object = JSONObject()
        switch operation {
        case .put(let key, let value, let lease):
            object.set("key", base64(key))
            object.set("value", Base64.encode(value))
            object.set("lease", lease.map { String($0.id) })
            return wrapped("request_put", object)
        case .delete(let key):
            object.set("key", base64(key))
        case .deletePrefix(let prefix):
            let range = KeyRange(prefix: prefix)
            object.set("key", Base64.encode(range.first))
            object.set("range_end", Base64.encode(range.end))
        }
        return wrapped("request_delete_range", object)
    }

    private static func wrapped(_ name: String, _ object: JSONObject) -> JSONObject {
        var outer = JSONObject()
        outer.set(name, object.value)
        return outer
    }

    private static func base64(_ text: String) -> String { Base64.encode(Array(text.utf8)) }
}

/// The keys which begin with a prefix, as etcd wants them told: from `first` on, `end` not included.
struct KeyRange: Hashable {
    let first: [UInt8]
    let end: [UInt8]

    init(prefix: String) {
        var end = Array(prefix.utf8)
        first = end.isEmpty ? [0] : end
        // A NUL as the end means: all that come. There is always a next byte: no UTF-8 ends in 0xFF.
        guard let last = end.popLast() else {
            self.end = [0]
            return
        }
        self.end = end + [last + 1]
    }
}
