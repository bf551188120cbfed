import JSON

extension JSONValue {
    /// The value over several lines, each level further in by one `step`, as Go's `json.Indent` writes it.
    func text(indentedBy step: String, level: String = "") -> String {
        let inner = level + step
        switch self {
        case .array(let values) where !values.isEmpty:
            let lines = values.map { inner + $0.text(indentedBy: step, level: inner) }
            return "[\n" + lines.joined(separator: ",\n") + "\n" + level + "]"
        case .object(let members) where !members.isEmpty:
            let lines = members.map { member in
                inner + JSONValue.string(member.name).text + ": "
                    + member.value.text(indentedBy: step, level: inner)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + level + "}"
        default: return text
        }
    }

    /// An array of strings.
    static func strings(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
}
