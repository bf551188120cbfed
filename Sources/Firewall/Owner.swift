/// Whose an element is: the attachment, and the plugin which made it. It stands in the element's comment.
package struct Owner: Hashable, Sendable {
    package let network: String
    package let containerID: String
    package let interface: String
    package let plugin: String

    /// Names which are too long for a comment are cut, and a number of their whole text stands behind.
    package init(network: String, containerID: String, interface: String, plugin: String) {
        self.network = shortened(network, to: 40)
        self.containerID = shortened(containerID, to: 64)
        self.interface = interface
        self.plugin = plugin
    }

    /// The words of a comment; nil when it is not one of ours.
    init?(_ comment: String) {
        let words = comment.split(separator: " ").map(String.init)
        guard words.count == 4 else { return nil }
        (network, containerID, interface, plugin) = (words[0], words[1], words[2], words[3])
    }

    var text: String { "\(network) \(containerID) \(interface) \(plugin)" }

    /// Whether `other` is the same attachment, for whichever plugin.
    func isSameAttachment(as other: Owner) -> Bool {
        (network, containerID, interface) == (other.network, other.containerID, other.interface)
    }
}

extension Owner: CustomStringConvertible {
    /// For a person who wants to know who has something.
    package var description: String { "container \(containerID) (\(interface)) of network \(network)" }
}

/// Names of CNI have no `~`, so a name which was cut is not the name of another.
private func shortened(_ name: String, to length: Int) -> String {
    guard name.utf8.count > length else { return name }
    // FNV-1a of 128 bits.
    var sum: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
    for byte in name.utf8 { sum = (sum ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b }
    let digits = String(sum, radix: 32)
    return String(decoding: name.utf8.prefix(length - 27), as: UTF8.self) + "~" + digits
}
