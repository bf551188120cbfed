internal import CKernel
internal import Glibc

// What is done to an entry of an open directory. No symbolic link is followed, and no mount crossed.
extension FileDescriptor {
    /// Opens the entry with `O_CLOEXEC` and `O_NOFOLLOW`. openat2(2).
    package borrowing func open(
        _ name: EntryName, _ options: OpenOptions = [], mode: UInt32 = 0
    ) throws(SystemError) -> FileDescriptor {
        try open(path: [name], options.union(.noFollow), mode: mode)
    }

    /// The same, but the entry may be where something is mounted.
    package borrowing func openCrossing(
        _ name: EntryName, _ options: OpenOptions = []
    ) throws(SystemError) -> FileDescriptor {
        let number = rawValue
        let flags = UInt64(options.union(.noFollow).rawValue | O_CLOEXEC)
        let resolve: Resolve = [.beneath, .noSymbolicLinks, .noMagicLinks]
        return FileDescriptor(
            owning: try check("openat2", "\(name)") {
                ck_openat2(number, name.characters, flags, 0, resolve.rawValue)
            })
    }

    /// Opens what `path` leads to below this directory, itself when it is empty. openat2(2).
    ///
    /// - Throws: ``SystemError`` with `ELOOP` where a symbolic link stands on the way or at the end, `EXDEV` at a mount.
    package borrowing func open(
        path: [EntryName], _ options: OpenOptions = [], mode: UInt32 = 0
    ) throws(SystemError) -> FileDescriptor {
        let number = rawValue
        var characters: [CChar] = []
        for name in path { characters += name.characters.dropLast() + [CChar(UInt8(ascii: "/"))] }
        characters = path.isEmpty ? [CChar(UInt8(ascii: "."))] : characters.dropLast()
        let resolve: Resolve = [.beneath, .noSymbolicLinks, .noMagicLinks, .noMountCrossing]
        let opened = try check("openat2", path.map(\.description).joined(separator: "/")) {
            ck_openat2(
                number, characters + [0], UInt64(options.rawValue | O_CLOEXEC), UInt64(mode),
                resolve.rawValue)
        }
        return FileDescriptor(owning: opened)
    }

    /// What the entry is. fstatat(2).
    package borrowing func status(of name: EntryName) throws(SystemError) -> FileStatus {
        var raw = ck_stat()
        let number = rawValue
        _ = try check("fstatat", "\(name)") {
            ck_fstatat(number, name.characters, Int32(CK_AT_SYMLINK_NOFOLLOW), &raw)
        }
        return FileStatus(raw)
    }

    /// Makes a directory. mkdirat(2); the process' umask applies.
    package borrowing func makeDirectory(_ name: EntryName, mode: UInt32) throws(SystemError) {
        let number = rawValue
        _ = try check("mkdirat", "\(name)") { ck_mkdirat(number, name.characters, mode) }
    }

    /// Makes a device file or fifo. mknodat(2); the process' umask applies.
    package borrowing func makeNode(
        _ name: EntryName, _ kind: FileStatus.Kind, _ device: DeviceNumber, mode: UInt32
    ) throws(SystemError) {
        let number = rawValue
        let (type, encoded) = kind.node(device)
        _ = try check("mknodat", "\(name)") { ck_mknodat(number, name.characters, type | mode, encoded) }
    }

    /// Makes a symbolic link to `target`, which has no NUL in it. symlinkat(2).
    package borrowing func makeLink(_ name: EntryName, to target: [UInt8]) throws(SystemError) {
        let number = rawValue
        let characters = target.map { CChar(bitPattern: $0) } + [0]
        _ = try check("symlinkat", "\(name)") { ck_symlinkat(characters, number, name.characters) }
    }

    /// Where the symbolic link points. readlinkat(2).
    package borrowing func readLink(_ name: EntryName) throws(SystemError) -> [UInt8] {
        let number = rawValue
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = try check("readlinkat", "\(name)") {
            ck_readlinkat(number, name.characters, &buffer, buffer.count)
        }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }

    /// Gives the entry `old` of `directory` the further name `new` here. linkat(2).
    package borrowing func makeHardLink(
        _ new: EntryName, to old: EntryName, in directory: borrowing FileDescriptor
    ) throws(SystemError) {
        let (from, to) = (directory.rawValue, rawValue)
        _ = try check("linkat", "\(new)") { ck_linkat(from, old.characters, to, new.characters, 0) }
    }

    /// Removes what is no directory. unlinkat(2).
    package borrowing func removeFile(_ name: EntryName) throws(SystemError) {
        let number = rawValue
        _ = try check("unlinkat", "\(name)") { ck_unlinkat(number, name.characters, 0) }
    }

    /// Removes an empty directory. unlinkat(2), `AT_REMOVEDIR`.
    package borrowing func removeDirectory(_ name: EntryName) throws(SystemError) {
        let number = rawValue
        _ = try check("unlinkat", "\(name)") {
            ck_unlinkat(number, name.characters, Int32(CK_AT_REMOVEDIR))
        }
    }

    /// Moves the entry to `directory` as `new`, replacing what was there. renameat(2).
    package borrowing func rename(
        _ old: EntryName, to new: EntryName, in directory: borrowing FileDescriptor
    ) throws(SystemError) {
        let (from, to) = (rawValue, directory.rawValue)
        _ = try check("renameat", "\(old) to \(new)") {
            ck_renameat2(from, old.characters, to, new.characters, 0)
        }
    }

    /// Gives the entry to `uid` and `gid`. fchownat(2).
    package borrowing func changeOwner(of name: EntryName, uid: UInt32, gid: UInt32) throws(SystemError) {
        let number = rawValue
        _ = try check("fchownat", "\(name)") {
            ck_fchownat(number, name.characters, uid, gid, Int32(CK_AT_SYMLINK_NOFOLLOW))
        }
    }

    /// Sets the permission bits of the entry, which is no symbolic link. fchmodat(2).
    package borrowing func changeMode(of name: EntryName, _ mode: UInt32) throws(SystemError) {
        let number = rawValue
        _ = try check("fchmodat", "\(name)") {
            ck_fchmodat(number, name.characters, mode, Int32(CK_AT_SYMLINK_NOFOLLOW))
        }
    }

    /// Sets the time of the last change of the content, in nanoseconds since 1970. utimensat(2).
    package borrowing func setModificationTime(of name: EntryName, _ time: Int64) throws(SystemError) {
        let number = rawValue
        let (seconds, nanoseconds) = time.flooredSeconds
        _ = try check("utimensat", "\(name)") {
            ck_set_mtime_at(number, name.characters, seconds, nanoseconds)
        }
    }

    /// Gives the open file or directory to `uid` and `gid`. fchown(2).
    package borrowing func changeOwner(uid: UInt32, gid: UInt32) throws(SystemError) {
        let number = rawValue
        _ = try check("fchown") { ck_fchown(number, uid, gid) }
    }

    /// Waits until the file system is on its device as a whole. syncfs(2).
    package borrowing func synchronizeFileSystem() throws(SystemError) {
        let number = rawValue
        _ = try check("syncfs") { ck_syncfs(number) }
    }
}

extension Int64 {
    /// Nanoseconds as whole seconds and a rest which is not negative, as struct timespec has them.
    package var flooredSeconds: (seconds: Int64, nanoseconds: Int64) {
        let (seconds, rest) = quotientAndRemainder(dividingBy: 1_000_000_000)
        return rest < 0 ? (seconds - 1, rest + 1_000_000_000) : (seconds, rest)
    }

    /// Nanoseconds of a struct timespec; where they are too many for 64 bits, the nearest that are not.
    init(clampingSeconds seconds: Int64, nanoseconds: Int64) {
        let (whole, isTooMuch) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isAlsoTooMuch) = whole.addingReportingOverflow(nanoseconds)
        self = isTooMuch || isAlsoTooMuch ? (seconds < 0 ? .min : .max) : sum
    }
}
