package import Kernel

/// Either says that a directory hides what the layers below have in it.
private let opaque = ["trusted.overlay.opaque", "user.overlay.opaque"]

/// Copies one layer over those below it, for machines whose kernel refuses overlayfs.
struct LayerCopy: ~Copyable {
    private let source: FileDescriptor
    private let target: FileDescriptor
    /// Where files with several names have been copied to, by device and inode.
    private var copies: [Inode: [EntryName]] = [:]

    private struct Inode: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    fileprivate init(_ source: consuming FileDescriptor, _ target: consuming FileDescriptor) {
        self.source = source
        self.target = target
    }

    /// Copies `layer` over what is in `target` already.
    static func run(from layer: String, to target: String) throws(ImageError) {
        try step("copy \(layer) to \(target)") { () throws(SystemError) in
            var copy = LayerCopy(try .open(layer, .directory), try .open(target, .directory))
            try copy.copyDirectory([])
        }
    }

    fileprivate mutating func copyDirectory(_ path: [EntryName]) throws(SystemError) {
        let from = try source.open(path: path, .directory)
        let to = try target.open(path: path, .directory)
        for attribute in opaque where try from.extendedAttribute(attribute) != nil {
            for name in try to.entryNames() { try to.removeTree(name) }
        }
        for name in try from.entryNames() { try copy(name, path, from, to) }
        try from.copyAttributes(to: to)
        for attribute in opaque { try to.removeAttribute(attribute) }
        try to.setModificationTime(try from.status().modifiedAt)
    }

    private mutating func copy(
        _ name: EntryName, _ path: [EntryName], _ from: borrowing FileDescriptor,
        _ to: borrowing FileDescriptor
    ) throws(SystemError) {
        let status = try from.status(of: name)
        if status.kind == .directory {
            do throws(SystemError) { try to.makeDirectory(name, mode: 0o700) } catch {
                guard error.errno == .exists else { throw error }
                if try to.status(of: name).kind != .directory {
                    try to.removeTree(name)
                    try to.makeDirectory(name, mode: 0o700)
                }
            }
            return try copyDirectory(path + [name])
        }
        try to.removeTree(name)
        if status.isWhiteout { return }
        let inode = Inode(device: status.device, inode: status.inode)
        if status.links > 1, let earlier = copies[inode], let last = earlier.last {
            let home = try target.open(path: earlier.dropLast(), .directory)
            return try to.makeHardLink(name, to: last, in: home)
        }
        try copyFile(name, status, from, to)
        copies[inode] = path + [name]
    }

    private func copyFile(
        _ name: EntryName, _ status: FileStatus, _ from: borrowing FileDescriptor,
        _ to: borrowing FileDescriptor
    ) throws(SystemError) {
        switch status.kind {
        case .regular:
            let source = try from.open(name)
            let copy = try to.open(name, [.create, .exclusive, .writeOnly], mode: 0o600)
            try source.copyContent(to: copy)
            try source.copyAttributes(to: copy)
        case .symbolicLink:
            try to.makeLink(name, to: try from.readLink(name))
            try to.changeOwner(of: name, uid: status.uid, gid: status.gid)
        default:
            try to.makeNode(name, status.kind, status.deviceNumber, mode: 0)
            try to.changeOwner(of: name, uid: status.uid, gid: status.gid)
            try to.changeMode(of: name, status.permissions)
        }
        try to.setModificationTime(of: name, status.modifiedAt)
    }
}

/// Copies all that is in one directory over what is in another, with owners, modes, attributes, times and hard links.
///
/// No symbolic link is followed, and no mount entered.
package func copyTree(
    _ source: consuming FileDescriptor, to target: consuming FileDescriptor
) throws(SystemError) {
    var copy = LayerCopy(source, target)
    try copy.copyDirectory([])
}
