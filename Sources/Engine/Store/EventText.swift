internal import JSON

extension EngineEvent {
    /// As `events` prints it: `TIME TYPE ACTION ID (name=value, ...)`.
    package var line: String {
        let words = attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "\(momentText(time)) \(type) \(action) \(id) (\(words.joined(separator: ", ")))"
    }

    /// As one line of JSON.
    package var json: String { value.text }

    /// What a template makes of it.
    package func text(_ template: Template) throws(EngineError) -> String { try template.text(for: value) }
}
