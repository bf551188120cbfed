package import Addressing
package import CNIPlugin
package import CNISpec
internal import JSON

/// The MAC address somebody wants for the interface: from `CNI_ARGS`, above it `args.cni`, above it the capability.
package struct InterfaceMAC {
    package let address: MACAddress?

    /// `others`: what else of `CNI_ARGS` the plugin knows.
    package init<Configuration>(
        _ request: Request<Configuration>, besides others: [String] = []
    ) throws(CNIError) {
        let argument = try request.arguments(["MAC"] + others)["MAC"]
        let given = try decoding { () throws(JSONError) -> MACAddress? in
            if let mac = try request.runtimeConfig.mac() { return mac }
            guard let hint = try request.hints?.optional("mac"), try !hint.string().isEmpty else {
                return nil
            }
            return try hint.macAddress()
        }
        if let given { address = given } else { address = try Self.parse(argument) }
    }

    private static func parse(_ text: String?) throws(CNIError) -> MACAddress? {
        guard let text, !text.isEmpty else { return nil }
        guard let address = MACAddress(text), !address.isMulticast, address != .zero else {
            throw CNIError(
                .invalidEnvironment, "invalid MAC address \"\(text)\"",
                details: "CNI_ARGS has MAC=\(text); an interface can have one like 02:42:0a:00:00:02")
        }
        return address
    }
}
