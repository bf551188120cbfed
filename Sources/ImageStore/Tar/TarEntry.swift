package import Kernel

/// What a tar archive says about one file; its content follows in the archive. tar(5).
package struct TarEntry: Hashable, Sendable {
    /// As the archive has it: nothing is checked, and it need not be UTF-8.
    package var path: [UInt8]
    package var kind: Kind
    /// Bytes of content.
    package var size: Int64 = 0
    /// The lowest twelve bits of the mode.
    package var mode: UInt32 = 0o644
    package var uid: UInt32 = 0
    package var gid: UInt32 = 0
    /// Nanoseconds since 1970.
    package var modifiedAt: Int64 = 0
    /// Extended attributes, in the order of the archive.
    package var attributes: [Attribute] = []

    /// What the file is. A link's target is as unchecked as the path.
    package enum Kind: Hashable, Sendable {
        case file, directory, fifo
        case hardLink(to: [UInt8])
        case symbolicLink(to: [UInt8])
        case characterDevice(DeviceNumber)
        case blockDevice(DeviceNumber)
    }

    /// One extended attribute. xattr(7).
    package struct Attribute: Hashable, Sendable {
        package var name: String
        package var value: [UInt8]
    }

    package init(path: [UInt8], kind: Kind) { (self.path, self.kind) = (path, kind) }

    /// For a person: what is no UTF-8 is replaced.
    var shownPath: String { String(decoding: path, as: UTF8.self) }
}
