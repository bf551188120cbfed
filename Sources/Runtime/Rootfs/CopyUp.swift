internal import Kernel

/// Copies what the directory `source` holds to the directory `target`, with owners, permissions and extended
/// attributes. runc and crun: `tmpcopyup`. Nothing leaves `source`: links are copied, not followed.
/// With `keepsOwn` the top directory keeps its own owner and permissions: the document says them.
func copyUp(
    from source: borrowing FileDescriptor, to target: borrowing FileDescriptor, keepsOwn: Bool = false
) throws(SystemError) {
    let readable = try source.open(below: ".", .directory)
    if !keepsOwn { try readable.copyAttributes(to: try target.open(below: ".", .directory)) }
    for name in try readable.entryNames() { try copy(name, from: readable, to: target) }
}

private func copy(
    _ name: EntryName, from source: borrowing FileDescriptor, to target: borrowing FileDescriptor
) throws(SystemError) {
    let status = try source.status(of: name)
    switch status.kind {
    case .directory:
        try target.makeDirectory(name, mode: 0o700)
        try copyUp(from: try source.openCrossing(name, .directory), to: try target.open(name, .directory))
    case .regular:
        let file = try source.openCrossing(name, .nonBlocking)
        let made = try target.open(name, [.create, .exclusive, .writeOnly], mode: 0o600)
        try file.copyContent(to: made)
        try file.copyAttributes(to: made)
    case .symbolicLink:
        try target.makeLink(name, to: try source.readLink(name))
        try target.changeOwner(of: name, uid: status.uid, gid: status.gid)
    case .characterDevice, .blockDevice, .fifo, .socket, .unknown:
        // A socket is made again as a socket: nobody listens, but the name is there.
        try target.makeNode(name, status.kind, status.deviceNumber, mode: status.permissions)
        try target.changeOwner(of: name, uid: status.uid, gid: status.gid)
    }
}
