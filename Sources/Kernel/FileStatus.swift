internal import CKernel
internal import Glibc

/// What the kernel says about a file. stat(2).
public struct FileStatus: Hashable, Sendable {
    /// The device the file is on, as the kernel counts them.
    public let device: UInt64
    public let inode: UInt64
    public let links: UInt64
    /// What a device file stands for.
    public let deviceNumber: DeviceNumber
    /// Bytes.
    public let size: Int64
    public let kind: Kind
    /// The lowest twelve bits of the mode.
    public let permissions: UInt32
    public let uid: UInt32
    public let gid: UInt32
    /// Time of the last change of the inode, in nanoseconds since 1970; beyond the years 1677 to 2262 the nearest of them.
    public let changedAt: Int64
    /// Time of the last change of the content, counted the same way; anybody can set it.
    public let modifiedAt: Int64

    /// The file types of inode(7).
    public enum Kind: Hashable, Sendable {
        case regular, directory, symbolicLink, characterDevice, blockDevice, fifo, socket, unknown
    }

    init(_ raw: ck_stat) {
        device = raw.device
        inode = raw.inode
        links = raw.links
        deviceNumber = DeviceNumber(major: ck_major(raw.raw_device), minor: ck_minor(raw.raw_device))
        size = raw.size
        permissions = raw.mode & 0o7777
        uid = raw.uid
        gid = raw.gid
        changedAt = Int64(clampingSeconds: raw.ctime_seconds, nanoseconds: raw.ctime_nanoseconds)
        modifiedAt = Int64(clampingSeconds: raw.mtime_seconds, nanoseconds: raw.mtime_nanoseconds)
        switch raw.mode & S_IFMT {
        case S_IFREG: kind = .regular
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .symbolicLink
        case S_IFCHR: kind = .characterDevice
        case S_IFBLK: kind = .blockDevice
        case S_IFIFO: kind = .fifo
        case S_IFSOCK: kind = .socket
        default: kind = .unknown
        }
    }
}

/// Major and minor number of a device.
public struct DeviceNumber: Hashable, Sendable {
    public var major: UInt32
    public var minor: UInt32

    public init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }
}

extension FileDescriptor {
    /// What the open file is. fstat(2).
    public borrowing func status() throws(SystemError) -> FileStatus {
        var raw = ck_stat()
        let number = rawValue
        _ = try check("fstat", "descriptor \(number)") { ck_fstat(number, &raw) }
        return FileStatus(raw)
    }

    /// The magic number of the file system the file is on. statfs(2), `f_type`.
    public borrowing func fileSystemType() throws(SystemError) -> Int64 {
        let number = rawValue
        return try check("fstatfs", "descriptor \(number)") { ck_fstatfs_type(number) }
    }
}

/// The file at `path`. stat(2), or lstat(2) without `following`.
public func fileStatus(_ path: String, following: Bool = true) throws(SystemError) -> FileStatus {
    var raw = ck_stat()
    _ = try check("stat", path) {
        ck_fstatat(
            Int32(CK_AT_FDCWD), path, following ? 0 : Int32(CK_AT_SYMLINK_NOFOLLOW), &raw)
    }
    return FileStatus(raw)
}

/// The magic number of the file system at `path`. statfs(2), `f_type`.
public func fileSystemType(_ path: String) throws(SystemError) -> Int64 {
    try check("statfs", path) { ck_statfs_type(path) }
}

/// Tells whether something is at `path`. access(2) with `F_OK`.
public func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }
