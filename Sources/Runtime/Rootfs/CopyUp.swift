internal import Kernel

/// Copies what the directory `source` holds to the directory `target`, with owners, permissions and extended
/// attributes. runc and crun: `tmpcopyup`. Nothing leaves `source`: links are copied, not followed.
/// With `keepsOwn` the top directory keeps its own owner and permissions: the document says them.
func copyUp(
    from source: borrowing FileDescriptor, to target: borrowing FileDescriptor, keepsOwn: Bool = false
) throws(SystemError) {
    let readable = try source.open(below: ".", .directory)
    if !keepsOwn { try readable.copyAttributes(to: try target.open(below: ".", .directory)) }
    for entry in try readable.entries() { try copy(entry.name, from: readable, to: target) }
}

private func copy(
    _ name: String, from source: borrowing FileDescriptor, to target: borrowing FileDescriptor
) throws(SystemError) {
    let status = try source.status(of: name)
    switch status.kind {
    case .directory:
        try target.makeDirectory(name, mode: 0o700)
        let inner = try source.open(
            below: name, [.directory, .noFollow], resolve: [.beneath, .noSymbolicLinks])
        let made = try target.open(
            below: name, [.directory, .noFollow], resolve: [.beneath, .noSymbolicLinks])
        try copyUp(from: inner, to: made)
    case .regular:
        let file = try source.open(below: name, .noFollow, resolve: [.beneath, .noSymbolicLinks])
        let made = try target.open(
            below: name, [.create, .exclusive, .writeOnly], mode: 0o600,
            resolve: [.beneath, .noSymbolicLinks])
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
