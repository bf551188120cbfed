package import CNISpec

/// Whose a veth on the host is: written into its alias, so that DEL without a namespace and GC find it.
package struct LinkOwner: Hashable, Sendable {
    package let alias: String

    package init(network: String, _ attachment: Attachment) {
        alias = Self.bounded(
            Self.prefix(network) + "\(attachment.containerID) \(attachment.interface)")
    }

    /// What the aliases of all links of a network begin with; `nil` for a name too long to tell.
    package static func mark(of network: String) -> String? {
        let prefix = prefix(network)
        return prefix.utf8.count <= keptLength ? prefix : nil
    }

    /// Whether an alias is an owner's.
    package static func isOwned(_ alias: String?) -> Bool { alias?.hasPrefix("cni ") ?? false }

    private static func prefix(_ network: String) -> String { "cni \(network) " }

    /// The kernel keeps 255 bytes: of longer ones the beginning and a sum of all.
    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > 255 else { return text }
        return String(decoding: text.utf8.prefix(keptLength), as: UTF8.self) + " "
            + String(hash(text), radix: 16)
    }

    /// FNV-1a, 64 bits: the same in every process, unlike `Hasher`.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    private static let keptLength = 230
}
