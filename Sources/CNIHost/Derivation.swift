internal import CNISpec
internal import JSON

extension PluginConfiguration {
    /// The object a plugin gets on standard input. CNI 1.1.0, "Deriving request configuration from plugin configuration".
    ///
    /// The plugin's own keys stay as they are, byte for byte. What only a host may say is taken out, then put in.
    func request(
        in network: NetworkConfiguration, capabilities given: [JSONValue.Member] = [],
        previousResult: JSONValue? = nil, validAttachments: Set<Attachment>? = nil
    ) -> [UInt8] {
        var object: [JSONValue.Member] = [
            .init("cniVersion", .string(network.version.rawValue)), .init("name", .string(network.name)),
        ]
        object += members.filter { member in !Self.hostKeys.contains(member.name.lowercased()) }
        let wanted = given.filter { capabilities.contains($0.name) }
        if !wanted.isEmpty { object.append(.init("runtimeConfig", .object(wanted))) }
        if let previousResult { object.append(.init("prevResult", previousResult)) }
        if let validAttachments {
            let list = JSONValue.array(
                validAttachments.sorted { ($0.containerID, $0.interface) < ($1.containerID, $1.interface) }
                    .map { $0.json })
            object.append(.init("cni.dev/valid-attachments", list))
            // What the first text of the specification called it, for plugins which read that.
            object.append(.init("cni.dev/attachments", list))
        }
        return Array(JSONValue.object(object).text.utf8)
    }

    /// Lower case: plugins match names in any case.
    private static let hostKeys: Set<String> = [
        "cniversion", "name", "capabilities", "runtimeconfig", "prevresult", "cni.dev/valid-attachments",
        "cni.dev/attachments",
    ]
}
