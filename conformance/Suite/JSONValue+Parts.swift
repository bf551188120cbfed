package import JSON

/// Parts of a document, as far as they are there.
extension JSONValue {
    /// The member `name` of an object; `nil` when there is none or this is no object.
    package func member(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The elements of an array; empty for everything else.
    package var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    /// The members of an object; empty for everything else.
    package var members: [Member] {
        guard case .object(let members) = self else { return [] }
        return members
    }

    /// The text of a string; `nil` for everything else.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The strings of an array of strings; everything else in it is left out.
    package var strings: [String] { elements.compactMap(\.string) }

    /// The value of a whole number; `nil` for everything else.
    package var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    /// This object with the member `name` set to `value`, or without it.
    package func setting(_ name: String, _ value: JSONValue?) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != name } + (value.map { [Member(name, $0)] } ?? []))
    }

    /// Reads a text which a case has written.
    package static func literal(_ text: String) -> JSONValue {
        do throws(JSONError) { return try JSONValue(parsing: Array(text.utf8)) } catch {
            fatalError("a literal of this suite is no JSON: \(error): \(text)")
        }
    }
}
