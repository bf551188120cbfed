import JSON
import Suite

/// What a call should have answered. Each of these ends the case when it did not.
extension PluginBench {
    /// Success, and one JSON object on standard output.
    @discardableResult
    func result(of answer: Answer) throws(Stop) -> JSONValue {
        try require(answer.isSuccess, "success", seen: answer.text)
        return try document(answer)
    }

    /// Exactly one JSON object on standard output.
    func document(_ answer: Answer) throws(Stop) -> JSONValue {
        do throws(JSONError) {
            let value = try JSONValue(parsing: Array(answer.output.utf8))
            guard case .object = value else {
                throw JSONError(path: "", problem: .wrongType(expected: "object", found: "another value"))
            }
            return value
        } catch {
            throw .finding(
                expected: "exactly one JSON object on standard output", seen: "\(error); \(answer.text)")
        }
    }

    /// Success without a word on standard output.
    func expectSilence(_ answer: Answer) throws(Stop) {
        try require(answer.isSuccess, "success", seen: answer.text)
        try require(answer.output.isEmpty, "nothing on standard output", seen: answer.text)
    }

    /// A failure with an error object; `codes` are those it may have, all when there are none.
    @discardableResult
    func expectError(_ answer: Answer, _ codes: Int64...) throws(Stop) -> JSONValue {
        try require(
            answer.status != nil && !answer.isSuccess, "a failure, with an exit code other than 0",
            seen: answer.text)
        let object = try document(answer)
        guard let code = object.member("code")?.integer, code >= 0 else {
            throw .finding(expected: "an error object with a numeric code", seen: answer.text)
        }
        let message = object.member("msg")?.string ?? ""
        try require(!message.isEmpty, "an error object with a msg", seen: answer.text)
        let wanted = codes.map(String.init).joined(separator: " or ")
        try require(codes.isEmpty || codes.contains(code), "the error code \(wanted)", seen: answer.text)
        return object
    }

    /// An error whose text names `word`.
    func expectError(_ answer: Answer, naming word: String, _ code: Int64) throws(Stop) {
        let object = try expectError(answer, code)
        let text = (object.member("msg")?.string ?? "") + (object.member("details")?.string ?? "")
        try require(text.contains(word), "an error that names '\(word)'", seen: answer.text)
    }

    /// `body` leaves links, addresses, routes, rules, files and processes as they were.
    func expectNoChange(_ what: String, _ body: () throws(Stop) -> Void) throws(Stop) {
        let before = try snapshot()
        try body()
        try expectSame(before, what)
    }

    /// Nothing has changed since `before`; `what` completes "nothing changed by ...".
    func expectSame(_ before: Snapshot, _ what: String, in namespaces: [String]? = nil) throws(Stop) {
        var changes = try before.changes(to: snapshot(namespaces))
        // What a kill has made an orphan is given two seconds to come to its end.
        for _ in 0..<40 where changes.contains(where: { $0.hasPrefix("+ process") }) {
            wait(milliseconds: 50)
            changes = try before.changes(to: snapshot(namespaces))
        }
        try require(changes.isEmpty, "nothing changed by \(what)", seen: changes.joined(separator: "\n"))
    }
}

extension PluginBench {
    /// `result` has everything `previous` has: what a chained plugin did not change it hands on.
    func expectHandedOn(_ previous: JSONValue, _ result: JSONValue) throws(Stop) {
        for name in ["interfaces", "ips", "routes", "ip4", "ip6"] {
            guard let old = previous.member(name) else { continue }
            let missing = Self.missing(from: result.member(name) ?? .null, of: old, at: name)
            try require(
                missing.isEmpty, "all of prevResult in the result",
                seen: "\(missing.joined(separator: ", ")) in \(result.text)")
        }
    }

    /// The places of `old` which `new` does not have, or not with the same value. More in `new` is no harm.
    private static func missing(from new: JSONValue, of old: JSONValue, at path: String) -> [String] {
        switch old {
        case .object(let members):
            return members.flatMap {
                missing(from: new.member($0.name) ?? .null, of: $0.value, at: "\(path).\($0.name)")
            }
        case .array(let elements):
            let others = new.elements
            return elements.enumerated().flatMap { index, element in
                missing(
                    from: index < others.count ? others[index] : .null, of: element, at: "\(path)[\(index)]")
            }
        default: return old == new ? [] : ["\(path) is \(new.text) instead of \(old.text)"]
        }
    }
}
