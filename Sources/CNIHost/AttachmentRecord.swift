package import CNISpec
internal import Digest
package import JSON

/// What a cache remembers of an attachment, in libcni's form `cniCacheV1`.
package struct AttachmentRecord: Hashable, Sendable {
    /// `nil` in a file of the time when only the result was kept.
    package var key: AttachmentKey?
    /// Path of the network namespace; empty when nobody said it.
    package var namespace = ""
    /// The network's configuration as it was at ADD.
    package var configuration: [UInt8] = []
    package var arguments: [AttachmentParameters.Argument] = []
    package var capabilities: [JSONValue.Member] = []
    /// The last plugin's result; `nil` while ADD is not done.
    package var result: JSONValue?
}

extension AttachmentRecord {
    init(_ network: NetworkConfiguration, _ parameters: AttachmentParameters, _ key: AttachmentKey) {
        self.key = key
        namespace = parameters.namespace
        configuration = network.bytes
        arguments = parameters.arguments
        capabilities = parameters.capabilities
    }

    /// The caller's parameters with those of the ADD, by which DEL and CHECK go. CNI 1.1.0, "CHECK".
    func completed(_ parameters: AttachmentParameters) -> AttachmentParameters {
        guard key != nil else { return parameters }
        var parameters = parameters
        parameters.arguments = arguments
        parameters.capabilities = capabilities
        if parameters.namespace.isEmpty { parameters.namespace = namespace }
        return parameters
    }

    /// The result in `version`; `nil` when there is none.
    package func result(in version: CNIVersion) throws(HostError) -> JSONValue? {
        guard let result else { return nil }
        let answer: PluginResult
        do throws(JSONError) { answer = try PluginResult(result, version: version) } catch {
            throw .configuration(file: "", reason: "the cached result cannot be used: \(error)")
        }
        return try checked { () throws(CNIError) in try answer.json(version) }
    }
}

extension AttachmentRecord {
    /// The text of the file, byte for byte what libcni would write.
    var bytes: [UInt8] {
        var object = JSONObject()
        object.set("kind", Self.kind)
        object.set("containerId", key?.containerID ?? "")
        object.set("config", Base64.encode(configuration))
        object.set("ifName", key?.interface ?? "")
        object.set("networkName", key?.network ?? "")
        object.set("netns", namespace.isEmpty ? nil : namespace)
        object.set("cniArgs", arguments) { .array([.string($0.name), .string($0.value)]) }
        if !capabilities.isEmpty { object.set("capabilityArgs", sorted(.object(capabilities))) }
        object.set("result", result.map(sorted))
        return Array(htmlSafe(object.value.text).utf8)
    }

    /// Reads a file of libcni's, of now or of the time when there was only the result.
    init(parsing bytes: [UInt8]) throws(JSONError) {
        let value = try JSONValue(parsing: bytes, as: .forgiving)
        let reader = JSONReader(value, as: .forgiving)
        guard let kind = try reader.optional("kind")?.string() else {
            // A bare result has to be one, or any object would do.
            _ = try CNIResult(reader, version: .v0_1_0)
            guard try reader.optional("cniVersion") != nil else {
                throw reader.notAllowed("not a result cache")
            }
            result = value
            return
        }
        guard kind == Self.kind else {
            throw JSONError(path: "kind", problem: .unknownValue(kind, allowed: [Self.kind]))
        }
        key = AttachmentKey(
            network: try reader.optional("networkName")?.string() ?? "",
            containerID: try reader.optional("containerId")?.string() ?? "",
            interface: try reader.optional("ifName")?.string() ?? "")
        namespace = try reader.optional("netns")?.string() ?? ""
        guard let configuration = Base64.decode(try reader.optional("config")?.string() ?? "") else {
            throw try reader.required("config").notAllowed("not base 64")
        }
        self.configuration = configuration
        for pair in try reader.optional("cniArgs")?.elements() ?? [] {
            let words = try pair.strings()
            guard words.count == 2 else { throw pair.notAllowed("a name and a value") }
            arguments.append(.init(words[0], words[1]))
        }
        capabilities =
            try reader.optional("capabilityArgs")?.members()
            .map { JSONValue.Member($0.name, $0.value.value) } ?? []
        result = try reader.optional("result")?.value
        if namespace.isEmpty { namespace = sandbox() }
    }

    /// The namespace as the result tells it: libcni before 1.2 did not write it down otherwise.
    private func sandbox() -> String {
        guard let key, let result, let value = try? PluginResult(result, version: .v0_1_0).value else {
            return ""
        }
        return value.interfaces.first { $0.name == key.interface && !$0.sandbox.isEmpty }?.sandbox ?? ""
    }

    private static let kind = "cniCacheV1"
}
