package import JSON

/// An object of a record which is being read: what was not asked for by name is left over in ``rest``, so that a rewrite keeps
/// what a newer version wrote.
package struct RecordReader: Sendable {
    /// The members nobody took, in the order of the text.
    package private(set) var rest: [JSONValue.Member]
    private let path: String

    package init(_ value: JSONValue, path: String = "") throws(JSONError) {
        guard case .object(let members) = value else {
            _ = try JSONReader(value, path: path).members()
            rest = []
            self.path = path
            return
        }
        rest = members
        self.path = path
    }

    package init(_ reader: JSONReader) throws(JSONError) {
        try self.init(reader.value, path: reader.path)
    }

    /// The member `name`; `nil` when it is absent or null.
    package mutating func take(_ name: String) -> JSONReader? {
        guard let index = rest.firstIndex(where: { $0.name == name }) else { return nil }
        let value = rest.remove(at: index).value
        return value == .null ? nil : JSONReader(value, path: JSONError.path(path, name))
    }

    /// The member `name`, which must be present.
    package mutating func required(_ name: String) throws(JSONError) -> JSONReader {
        guard let member = take(name) else {
            throw JSONError(path: JSONError.path(path, name), problem: .missing)
        }
        return member
    }

    /// The string `name`; empty when it is absent.
    package mutating func text(_ name: String) throws(JSONError) -> String { try take(name)?.string() ?? "" }

    /// The boolean `name`; false when it is absent.
    package mutating func flag(_ name: String) throws(JSONError) -> Bool {
        try take(name)?.boolean() ?? false
    }

    /// The whole number `name`; `nil` when it is absent.
    package mutating func number(_ name: String) throws(JSONError) -> Int64? { try take(name)?.integer() }

    /// The strings `name`; none when they are absent.
    package mutating func strings(_ name: String) throws(JSONError) -> [String] {
        try take(name)?.strings() ?? []
    }

    /// The strings by name in the object `name`; none when it is absent.
    package mutating func map(_ name: String) throws(JSONError) -> [String: String] {
        try take(name)?.stringMap() ?? [:]
    }

    /// The elements of the array `name`, each an object of its own; none when it is absent.
    package mutating func list<Element>(
        _ name: String, _ decode: (inout RecordReader) throws(JSONError) -> Element
    ) throws(JSONError) -> [Element] {
        guard let member = take(name) else { return [] }
        var elements: [Element] = []
        for element in try member.elements() {
            var reader = try RecordReader(element)
            elements.append(try decode(&reader))
        }
        return elements
    }
}

extension JSONObject {
    /// Adds `true`; false leaves no member behind.
    mutating func setFlag(_ name: String, _ flag: Bool) {
        if flag { set(name, flag) }
    }

    /// Adds a string, unless it is empty.
    mutating func setText(_ name: String, _ text: String) {
        if !text.isEmpty { set(name, text) }
    }

    /// Adds what a ``RecordReader`` had left over.
    mutating func setRest(_ members: [JSONValue.Member]) {
        for member in members { set(member.name, member.value) }
    }
}
