internal import CKernel
internal import Glibc

/// Whether the user `uid` with the group `gid` and this process's supplementary groups may execute `path`.
///
/// Asked with that user's file rights, which this process takes on for the question. setfsuid(2).
public func isExecutable(_ path: String, uid: UInt32, gid: UInt32) -> Bool {
    let formerGroup = ck_setfsgid(gid)
    let formerUser = ck_setfsuid(uid)
    defer {
        _ = ck_setfsuid(UInt32(bitPattern: formerUser))
        _ = ck_setfsgid(UInt32(bitPattern: formerGroup))
    }
    return ck_faccessat(Int32(CK_AT_FDCWD), path, X_OK, AT_EACCESS) == 0
}
