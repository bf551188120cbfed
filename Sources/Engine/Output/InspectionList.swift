package import JSON

/// What `inspect` shows: an array of objects, or a text for each by a template.
package struct InspectionList: Hashable, Sendable {
    private var values: [JSONValue] = []

    package init() {}

    /// Adds what is known about one more.
    package mutating func add(_ value: JSONValue) { values.append(value) }

    /// The text with its line end. `format`: `json` is one line, a template gives a line for each object.
    package func text(format: String?) throws(EngineError) -> String {
        switch format {
        case nil, "": return JSONValue.array(values).prettyText(indent: "    ") + "\n"
        case "json": return JSONValue.array(values).text + "\n"
        case let format?:
            let template = try Template(format)
            var text = ""
            for value in values { text += try template.text(for: value) + "\n" }
            return text
        }
    }
}
