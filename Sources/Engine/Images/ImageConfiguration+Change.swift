internal import ImageStore
internal import JSON

extension ImageConfiguration {
    /// Applies one instruction of a Dockerfile: `CMD`, `ENTRYPOINT`, `ENV`, `EXPOSE`, `LABEL`, `USER`, `VOLUME`, `WORKDIR`, `STOPSIGNAL`.
    mutating func apply(change: String) throws(EngineError) {
        let parts = change.split(separator: " ", maxSplits: 1).map(String.init)
        let value = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        guard let word = parts.first, !value.isEmpty else {
            throw EngineError("invalid change \"\(change)\": it is INSTRUCTION VALUE", .invalid)
        }
        switch word.uppercased() {
        case "CMD": command = Self.words(value)
        case "ENTRYPOINT": entrypoint = Self.words(value)
        case "ENV": environment = replacing(environment, with: [Self.pair(value)])
        case "LABEL": labels.merge(Engine.labels([Self.pair(value)])) { _, new in new }
        case "EXPOSE":
            for word in value.split(separator: " ") {
                for port in try ContainerPort.parse(String(word)) { exposedPorts.append("\(port)") }
            }
            exposedPorts = Array(Set(exposedPorts)).sorted()
        case "USER": user = value
        case "VOLUME":
            volumes = Array(
                Set(volumes + (Self.list(value) ?? value.split(separator: " ").map(String.init)))
            ).sorted()
        case "WORKDIR": workingDirectory = value
        case "STOPSIGNAL": stopSignal = value
        default:
            throw EngineError("\(word) is not a valid change command", .invalid)
        }
    }

    /// A list as JSON, or a command for a shell.
    private static func words(_ text: String) -> [String] { list(text) ?? ["/bin/sh", "-c", text] }

    private static func list(_ text: String) -> [String]? {
        guard text.hasPrefix("["), let value = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
        return try? JSONReader(value).strings()
    }

    /// `NAME=VALUE`, also as the old `NAME VALUE`, without quotation marks around the value.
    private static func pair(_ text: String) -> String {
        let mark = text.firstIndex { $0 == "=" || $0 == " " } ?? text.endIndex
        var value = text[mark...].dropFirst()
        if value.count > 1, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
        return "\(text[..<mark])=\(value)"
    }
}
