internal import Kernel
internal import OCISpec

/// A user namespace that exists only for its maps, as an id-mapped mount wants one.
///
/// A short-lived process makes it; the namespace lives on in the descriptor.
/// - Throws: ``SystemError``; `EPERM` or `EINVAL` from the maps when the ids are not ours to give or overlap.
func userNamespaceDescriptor(
    uids: [IDMapping], gids: [IDMapping]
) throws(SystemError) -> FileDescriptor {
    let caller = processID()
    switch try cloneProcess(.user) {
    case .child:
        waitToBeKilled(by: caller)
    case .parent(let pid, let handle):
        do throws(SystemError) {
            let namespace = try mappedNamespace(pid, uids: uids, gids: gids)
            try endHelper(pid, handle)
            return namespace
        } catch {
            try endHelper(pid, handle)
            throw error
        }
    }
}

private func endHelper(_ pid: Int32, _ handle: borrowing FileDescriptor) throws(SystemError) {
    try sendSignal(Signal.kill, to: handle)
    _ = try waitForExit(pid)
}

private func mappedNamespace(
    _ pid: Int32, uids: [IDMapping], gids: [IDMapping]
) throws(SystemError) -> FileDescriptor {
    try writeFile("/proc/\(pid)/uid_map", mapText(uids))
    try writeFile("/proc/\(pid)/gid_map", mapText(gids))
    return try FileDescriptor.open("/proc/\(pid)/ns/user")
}

private func mapText(_ maps: [IDMapping]) -> String {
    maps.map { "\($0.containerID) \($0.hostID) \($0.size)\n" }.joined()
}
