internal import JSON

/// What `inspect` found, and why it did not find the rest.
package struct InspectionResult: Sendable {
    package var text: String
    package var errors: [EngineError] = []
}

extension ContainerEngine {
    /// Everything about the containers `names`, as `format` wants it: a list, `json`, or a template for each.
    package func inspectContainers(_ names: [String], format: String?) throws(EngineError) -> InspectionResult
    {
        var (found, errors): ([JSONValue], [EngineError]) = ([], [])
        for name in names {
            do throws(EngineError) { found.append(try container(name).inspected()) } catch {
                errors.append(error)
            }
        }
        return InspectionResult(text: try inspectionText(found, format: format), errors: errors)
    }
}

/// Values as `inspect` prints them: a list, or what a template makes of each.
func inspectionText(_ values: [JSONValue], format: String?) throws(EngineError) -> String {
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
