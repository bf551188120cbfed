internal import Kernel

/// What a file of a layer says about the layers below by its name. OCI image-spec, layer.md, "Whiteouts".
enum Whiteout: Hashable, Sendable {
    /// The name is hidden.
    case name(EntryName)
    /// All of the directory is hidden.
    case directory
    /// A note of AUFS, which nobody needs.
    case note

    /// - Returns: `nil` for the name of an ordinary file.
    init?(_ name: EntryName) throws(LayerPath.Refusal) {
        let bytes = name.bytes
        let (prefix, note) = (Array(".wh.".utf8), Array(".wh..wh.".utf8))
        guard bytes.starts(with: prefix) else { return nil }
        if bytes.elementsEqual(".wh..wh..opq".utf8) {
            self = .directory
        } else if bytes.starts(with: note) {
            self = .note
        } else {
            // `.wh...` would hide the directory above.
            guard let hidden = EntryName(bytes.dropFirst(prefix.count)) else {
                throw .init(reason: "a whiteout of something that is no name")
            }
            self = .name(hidden)
        }
    }
}

extension FileStatus {
    /// Whether overlayfs takes the file as a sign that the layers below have no such name.
    var isWhiteout: Bool {
        kind == .characterDevice && deviceNumber == DeviceNumber(major: 0, minor: 0)
    }
}
