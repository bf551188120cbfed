/// Whose an address is: one interface of one container.
package struct Owner: Hashable, Sendable {
    package let containerID: String
    package let interface: String

    package init(containerID: String, interface: String) {
        self.containerID = containerID
        self.interface = interface
    }

    /// What the file of an address holds.
    var record: OwnerRecord { OwnerRecord("\(containerID)\r\n\(interface)") }

    /// What the file holds which a version of the reference from before 2019 wrote: no interface.
    var oldRecord: OwnerRecord { OwnerRecord(containerID) }
}

/// The content of an address' file: container ID, carriage return, line feed, interface name.
struct OwnerRecord: Hashable, Sendable {
    /// Without white space at either end, as the reference compares it.
    let text: String

    init(_ text: String) { self.text = text }

    init(content: [UInt8]) {
        let isText: (UInt8) -> Bool = { $0 > 32 }
        guard let first = content.firstIndex(where: isText), let last = content.lastIndex(where: isText)
        else {
            text = ""
            return
        }
        text = String(decoding: content[first...last], as: UTF8.self)
    }

    /// The container's ID.
    var containerID: String {
        String(decoding: text.utf8.prefix { $0 != 13 && $0 != 10 }, as: UTF8.self)
    }

    /// The interface, or `nil` in a record of the old kind.
    var interface: String? {
        guard let end = text.utf8.lastIndex(of: 10) else { return nil }
        return String(decoding: text.utf8[text.utf8.index(after: end)...], as: UTF8.self)
    }

    /// A number for the index; never 0 or 1, which have a meaning there. FNV-1a, stirred.
    var hash: UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        return hash < 2 ? hash + 2 : hash
    }
}
