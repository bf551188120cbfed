internal import Kernel

/// What unpacking makes of the entries of an archive.
package struct UnpackRules: Hashable, Sendable {
    /// Whether names that begin with `.wh.` hide something, as in a layer.
    var hasWhiteouts = true
    /// Whether what is there already stays what it is: no directory makes way for a file, nor a file for a directory, and a
    /// directory keeps its owner, its mode and its time.
    var keepsWhatIsThere = false
    /// Who owns everything, whatever the archive says; `nil` is the owner of the archive.
    var owner: Owner?
    /// Whether devices are refused, and files lose their set-user-ID and set-group-ID bits.
    var isForHost = false
    /// Whether directories where something is mounted are entered, and a file which is mounted is written into.
    var crossesMounts = false
    /// What the first name of every path becomes; `nil` leaves it.
    var firstName: EntryName?

    struct Owner: Hashable, Sendable {
        var uid: UInt32
        var gid: UInt32
    }

    /// A layer of an image.
    static let layer = UnpackRules()

    /// The entry as it is to be made.
    func adapted(_ entry: TarEntry) -> TarEntry {
        var entry = entry
        if let owner { (entry.uid, entry.gid) = (owner.uid, owner.gid) }
        if isForHost { entry.mode &= 0o1777 }
        entry.path = renamed(entry.path)
        if case .hardLink(let target) = entry.kind { entry.kind = .hardLink(to: renamed(target)) }
        return entry
    }

    private func renamed(_ path: [UInt8]) -> [UInt8] {
        guard let firstName, let path = try? LayerPath(path), !path.names.isEmpty else { return path }
        return Array(
            ([firstName] + path.names.dropFirst()).map(\.bytes).joined(separator: [UInt8(ascii: "/")]))
    }
}
