internal import CKernel
internal import Glibc

// What is done to a name in an open directory. Each takes one name, never a path with a slash in it.
extension FileDescriptor {
    /// Makes the directory `name` in this one. mkdirat(2); the process' umask applies.
    package borrowing func makeDirectory(_ name: String, mode: UInt32) throws(SystemError) {
        let number = rawValue
        _ = try check("mkdirat", name) { ck_mkdirat(number, name, mode) }
    }

    /// Makes the device file or fifo `name` in this directory. mknodat(2); the process' umask applies.
    package borrowing func makeNode(
        _ name: String, _ kind: FileStatus.Kind, _ device: DeviceNumber, mode: UInt32
    ) throws(SystemError) {
        let number = rawValue
        let (type, encoded) = kind.node(device)
        _ = try check("mknodat", name) { ck_mknodat(number, name, type | mode, encoded) }
    }

    /// Makes the symbolic link `name` in this directory, which points to `target`. symlinkat(2).
    package borrowing func makeLink(_ name: String, to target: String) throws(SystemError) {
        let number = rawValue
        _ = try check("symlinkat", name) { ck_symlinkat(target, number, name) }
    }

    /// Where the symbolic link `name` in this directory points. readlinkat(2).
    ///
    /// - Throws: ``SystemError`` with `EINVAL` when it is no symbolic link.
    package borrowing func readLink(_ name: String) throws(SystemError) -> String {
        let number = rawValue
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = try check("readlinkat", name) { ck_readlinkat(number, name, &buffer, buffer.count) }
        return String(decoding: buffer[0..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes the file `name` from this directory. unlinkat(2).
    package borrowing func removeFile(_ name: String) throws(SystemError) {
        let number = rawValue
        _ = try check("unlinkat", name) { ck_unlinkat(number, name, 0) }
    }

    /// Gives the file `old` in this directory the name `new`, replacing what was there. renameat(2).
    package borrowing func renameFile(_ old: String, to new: String) throws(SystemError) {
        let number = rawValue
        _ = try check("renameat", "\(old) to \(new)") { ck_renameat2(number, old, number, new, 0) }
    }

    /// What `name` in this directory is; a symbolic link is not followed. fstatat(2).
    package borrowing func status(of name: String) throws(SystemError) -> FileStatus {
        var raw = ck_stat()
        let number = rawValue
        _ = try check("fstatat", name) { ck_fstatat(number, name, Int32(CK_AT_SYMLINK_NOFOLLOW), &raw) }
        return FileStatus(raw)
    }

    /// Gives `name` in this directory to `uid` and `gid`; a symbolic link is not followed. fchownat(2).
    package borrowing func changeOwner(of name: String, uid: UInt32, gid: UInt32) throws(SystemError) {
        let number = rawValue
        _ = try check("fchownat", name) {
            ck_fchownat(number, name, uid, gid, Int32(CK_AT_SYMLINK_NOFOLLOW))
        }
    }

    /// Sets the permission bits of the open file, which must not be a mere reference. fchmod(2).
    package borrowing func changeMode(_ mode: UInt32) throws(SystemError) {
        let number = rawValue
        _ = try check("fchmod") { ck_fchmod(number, mode) }
    }

    /// Makes this directory the current one. fchdir(2).
    package borrowing func makeCurrent() throws(SystemError) {
        let number = rawValue
        _ = try check("fchdir") { ck_fchdir(number) }
    }
}

extension FileStatus.Kind {
    /// The file type of inode(7), and the number mknod(2) wants beside it.
    func node(_ device: DeviceNumber) -> (type: UInt32, device: UInt64) {
        let type: UInt32 =
            switch self {
            case .characterDevice: S_IFCHR
            case .blockDevice: S_IFBLK
            case .fifo: S_IFIFO
            case .socket: S_IFSOCK
            case .regular, .directory, .symbolicLink, .unknown: S_IFREG
            }
        let isDevice = self == .characterDevice || self == .blockDevice
        return (type, isDevice ? ck_makedev(device.major, device.minor) : 0)
    }
}

/// Makes `path` the current directory. chdir(2).
package func changeDirectory(_ path: String) throws(SystemError) {
    _ = try check("chdir", path) { ck_chdir(path) }
}

/// Sets the mask of permission bits new files do not get, and answers the one before. umask(2).
@discardableResult package func changeUmask(_ mask: UInt32) -> UInt32 { ck_umask(mask) }

/// Makes `path` the root directory of this process. chroot(2).
package func changeRoot(_ path: String) throws(SystemError) {
    _ = try check("chroot", path) { ck_chroot(path) }
}
