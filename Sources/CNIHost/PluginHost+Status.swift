internal import CNISpec
internal import JSON

extension PluginHost {
    /// Asks each plugin whether it could serve an ADD. CNI 1.1.0, "STATUS".
    ///
    /// - Throws: the first plugin's error. A network of a version without STATUS is taken to be ready.
    package func status(_ network: NetworkConfiguration) throws(HostError) {
        guard network.version >= Verb.status.since else { return }
        for (plugin, path) in try find(network.plugins) {
            try run(Call(verb: .status, type: plugin.type, path: path, input: plugin.request(in: network)))
        }
    }

    /// A plugin and the versions it supports.
    package struct PluginVersions: Sendable {
        package let type: String
        package let path: String
        /// As the plugin lists them; some may be unknown here.
        package let supported: [String]
    }

    /// Asks each plugin which versions it supports. CNI 1.1.0, "VERSION".
    package func versions(_ network: NetworkConfiguration) throws(HostError) -> [PluginVersions] {
        var found: [PluginVersions] = []
        for (plugin, path) in try find(network.plugins) {
            found.append(
                PluginVersions(type: plugin.type, path: path, supported: try versions(plugin.type, path)))
        }
        return found
    }

    /// Checks that every plugin is there and supports the network's version.
    ///
    /// - Throws: ``HostError/several(_:)`` with one error for each plugin which does not.
    package func validate(_ network: NetworkConfiguration) throws(HostError) {
        var errors: [HostError] = []
        for plugin in network.plugins {
            do throws(HostError) {
                let supported = try versions(plugin.type, try find(plugin.type))
                guard supported.contains(network.version.rawValue) else {
                    throw .unsupportedVersion(plugin: plugin.type, network.version)
                }
            } catch { errors.append(error) }
        }
        guard errors.isEmpty else { throw errors.count == 1 ? errors[0] : .several(errors) }
    }

    private func versions(_ type: String, _ path: String) throws(HostError) -> [String] {
        var object = JSONObject()
        object.set("cniVersion", CNIVersion.latest.rawValue)
        let call = Call(verb: .version, type: type, path: path, input: Array(object.value.text.utf8))
        do throws(HostError) {
            return try supportedVersions(try run(call), call)
        } catch {
            // What plugins say which are older than VERSION.
            guard case .plugin(let failure) = error, failure.error.message == "unknown CNI_COMMAND: VERSION"
            else {
                throw error
            }
            return [CNIVersion.v0_1_0.rawValue]
        }
    }

    private func supportedVersions(_ output: [UInt8], _ call: Call) throws(HostError) -> [String] {
        do throws(JSONError) {
            let reader = JSONReader(try JSONValue(parsing: output, as: .forgiving), as: .forgiving)
            if let list = try reader.optional("supportedVersions")?.strings(), !list.isEmpty { return list }
            // The first plugins which had VERSION had no list.
            guard try reader.optional("cniVersion")?.string() == CNIVersion.v0_2_0.rawValue else {
                throw reader.notAllowed("supportedVersions is missing")
            }
            return [CNIVersion.v0_1_0, .v0_2_0].map { $0.rawValue }
        } catch {
            throw .plugin(
                PluginFailure(
                    type: call.type, verb: .version,
                    error: CNIError(
                        .decodingFailure, "the plugin's answer to VERSION cannot be used: \(error)"),
                    document: []))
        }
    }
}
