package import CNISpec
package import JSON

/// What ADD answered: as the plugin wrote it, and what it means.
package struct PluginResult: Hashable, Sendable {
    /// The version it is written in.
    package let version: CNIVersion
    /// The object as the plugin wrote it, with `cniVersion` in it.
    package let document: JSONValue
    package let value: CNIResult

    /// Reads a plugin's answer; one without a version, or `null`, is of `version`.
    init(_ document: JSONValue, version: CNIVersion) throws(JSONError) {
        let document = document == .null ? .object([]) : document
        let reader = JSONReader(document, as: .forgiving)
        let written = try reader.optional("cniVersion")?.string() ?? ""
        value = try CNIResult(reader, version: version)
        guard written.isEmpty, case .object(let members) = document else {
            self.version = CNIVersion(rawValue: written) ?? version
            self.document = document
            return
        }
        self.version = version
        let rest = members.filter { $0.name.lowercased() != "cniversion" }
        self.document = .object([.init("cniVersion", .string(version.rawValue))] + rest)
    }

    /// The object as `version` writes it; unchanged when that is its own.
    package func json(_ version: CNIVersion) throws(CNIError) -> JSONValue {
        version == self.version ? document : try value.json(version)
    }
}
