public import JSON

/// One interface of one container on a network; what GC calls valid. CNI 1.1.0, "GC".
public struct Attachment: Hashable, Sendable {
    public let containerID: String
    public let interface: String

    public init(containerID: String, interface: String) {
        self.containerID = containerID
        self.interface = interface
    }

    /// One element of `cni.dev/valid-attachments`.
    public init(_ reader: JSONReader) throws(JSONError) {
        containerID = try reader.required("containerID").string()
        interface = try reader.required("ifname").string()
    }

    /// The element of `cni.dev/valid-attachments`.
    public var json: JSONValue {
        .object([.init("containerID", .string(containerID)), .init("ifname", .string(interface))])
    }

    /// The attachments a configuration for GC calls valid.
    ///
    /// Empty means that none is valid and everything goes; `nil`, when the key is missing, that nothing is
    /// known and nothing may go. `cni.dev/attachments` is what the first text of the specification called it.
    public static func valid(in configuration: JSONReader) throws(JSONError) -> Set<Attachment>? {
        var list = try configuration.optional("cni.dev/valid-attachments")
        if list == nil { list = try configuration.optional("cni.dev/attachments") }
        guard let list else { return nil }
        var attachments: Set<Attachment> = []
        for element in try list.elements() { attachments.insert(try Attachment(element)) }
        return attachments
    }
}
