internal import CKernel
internal import Glibc

/// Makes this program's file unwritable for whoever reaches it through `/proc/PID/exe` (CVE-2019-5736).
///
/// A process of the runtime that is inside a container, and a program of the container that was told to be
/// `/proc/self/exe`, show the container the runtime's own file. So the runtime runs from a read-only mount of it
/// that nobody can change, and executes itself once to get there. Does nothing when that is so already.
///
/// Without rights to mount, a file this user cannot write needs nothing, and one he can is copied to memory.
public func protectOwnBinary(arguments: [String]) throws(SystemError) {
    let own = try FileDescriptor.open("/proc/self/exe", .reference)
    if try own.isOnReadOnlyMount() { return }
    guard let safe = try safeCopy(of: own) else { return }
    try execute(safe, arguments: arguments, environment: environmentWords())
}

extension FileDescriptor {
    fileprivate borrowing func isOnReadOnlyMount() throws(SystemError) -> Bool {
        let number = rawValue
        let flags = try check("fstatfs", "/proc/self/exe") { ck_fstatfs_flags(number) }
        return flags & Int64(CK_ST_RDONLY) != 0
    }
}

private func safeCopy(of own: borrowing FileDescriptor) throws(SystemError) -> FileDescriptor? {
    do throws(SystemError) {
        let mount = try own.cloneTree(recursive: false)
        try mount.setMount(.readOnly)
        return mount
    } catch {
        // No right to mount, or a kernel before 5.12.
        guard [.notPermitted, .noSuchCall, .invalidArgument].contains(error.errno) else { throw error }
    }
    if access("/proc/self/exe", W_OK) != 0 { return nil }
    return try sealedCopy()
}

/// The program's file in memory, which nobody can change; `nil` when this process runs from one.
private func sealedCopy() throws(SystemError) -> FileDescriptor? {
    let source = try FileDescriptor.open("/proc/self/exe")
    if ck_get_seals(source.rawValue) == Int32(CK_SEALS_ALL) { return nil }
    let copy = FileDescriptor(
        owning: try check("memfd_create") {
            ck_memfd_create("apus-runtime", UInt32(CK_MFD_CLOEXEC | CK_MFD_ALLOW_SEALING))
        })
    while try check("sendfile", "/proc/self/exe", { ck_sendfile(copy.rawValue, source.rawValue, 1 << 30) })
        > 0
    {}
    _ = try check("fcntl", "F_ADD_SEALS") { ck_add_seals(copy.rawValue, Int32(CK_SEALS_ALL)) }
    return copy
}
