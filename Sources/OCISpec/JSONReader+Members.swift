internal import JSON

// Writers of config.json leave absent members out, write null, or write the zero value of their language.
// The first two are absent to the reader itself; here an empty word is, too.
extension JSONReader {
    /// The string `name`; `nil` when it is absent or empty.
    func text(_ name: String) throws(JSONError) -> String? {
        guard let text = try optional(name)?.string(), !text.isEmpty else { return nil }
        return text
    }

    /// The boolean `name`; false when it is absent.
    func flag(_ name: String) throws(JSONError) -> Bool { try optional(name)?.boolean() ?? false }

    /// The strings of the array `name`; none when it is absent.
    func strings(_ name: String) throws(JSONError) -> [String] { try optional(name)?.strings() ?? [] }

    /// The word `name`; `nil` when it is absent or empty.
    func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Value.Type
    ) throws(JSONError) -> Value? {
        guard let member = try optional(name), member.value != .string("") else { return nil }
        return try member.choice(type)
    }

    /// The words of the array `name`; none when it is absent.
    func choices<Value: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Value.Type
    ) throws(JSONError) -> [Value] {
        try list(name) { element throws(JSONError) in try element.choice(type) }
    }

    /// The elements of the array `name`; none when it is absent.
    func list<Element>(
        _ name: String, _ decode: (JSONReader) throws(JSONError) -> Element
    ) throws(JSONError) -> [Element] {
        guard let member = try optional(name) else { return [] }
        var elements: [Element] = []
        for element in try member.elements() { elements.append(try decode(element)) }
        return elements
    }

    /// The members of the object `name`; none when it is absent.
    func map(_ name: String) throws(JSONError) -> [(name: String, value: JSONReader)] {
        try optional(name)?.members() ?? []
    }
}
