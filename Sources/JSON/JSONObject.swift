/// An object that is being written. Members come out in the order they were set.
///
/// What is absent (`nil`, an empty list) leaves no member behind.
public struct JSONObject: Hashable, Sendable {
    private var members: [JSONValue.Member] = []

    public init() {}

    /// The object as a value.
    public var value: JSONValue { .object(members) }

    public var isEmpty: Bool { members.isEmpty }

    /// Adds a member. The caller sets each name once.
    public mutating func set(_ name: String, _ value: JSONValue?) {
        if let value { members.append(JSONValue.Member(name, value)) }
    }

    /// Adds a string.
    public mutating func set(_ name: String, _ string: String?) {
        set(name, string.map(JSONValue.string))
    }

    /// Adds a boolean.
    public mutating func set(_ name: String, _ flag: Bool?) {
        set(name, flag.map(JSONValue.boolean))
    }

    /// Adds a whole number.
    public mutating func set(_ name: String, _ number: (some BinaryInteger)?) {
        set(name, number.map { JSONValue.number($0) })
    }

    /// Adds a list of strings.
    public mutating func set(_ name: String, _ strings: [String]) {
        set(name, strings) { .string($0) }
    }

    /// Adds an object of strings, by name.
    public mutating func set(_ name: String, _ map: [String: String]) {
        guard !map.isEmpty else { return }
        let pairs = map.sorted { $0.key < $1.key }
        set(name, JSONValue.object(pairs.map { JSONValue.Member($0.key, .string($0.value)) }))
    }

    /// Adds an object, unless nothing is in it.
    public mutating func set(_ name: String, _ object: JSONObject) {
        if !object.isEmpty { set(name, object.value) }
    }

    /// Adds a list.
    public mutating func set<Item>(_ name: String, _ items: [Item], _ encode: (Item) -> JSONValue) {
        if !items.isEmpty { set(name, JSONValue.array(items.map(encode))) }
    }
}
