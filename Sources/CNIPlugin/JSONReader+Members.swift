package import JSON

// A plugin's own keys, where the same is meant by nothing and by the zero value of a language.
extension JSONReader {
    /// The member `name`, a string; the empty one says nothing.
    package func text(_ name: String) throws(JSONError) -> String? {
        guard let text = try optional(name)?.string(), !text.isEmpty else { return nil }
        return text
    }

    /// The member `name`, which is `false` when it is absent.
    package func flag(_ name: String) throws(JSONError) -> Bool { try optional(name)?.boolean() ?? false }
}
