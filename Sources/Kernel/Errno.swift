/// An error number reported by the kernel.
///
/// A struct, not an enum: the kernel may return a number this file does not name.
public struct Errno: RawRepresentable, Error, Hashable, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// C: `EPERM`.
    public static let notPermitted = Errno(rawValue: 1)
    /// C: `ENOENT`.
    public static let noEntity = Errno(rawValue: 2)
    /// C: `ESRCH`.
    public static let noProcess = Errno(rawValue: 3)
    /// The call was interrupted by a signal. C: `EINTR`.
    public static let interrupted = Errno(rawValue: 4)
    /// C: `EIO`.
    public static let inputOutput = Errno(rawValue: 5)
    /// C: `ENXIO`.
    public static let noDeviceOrAddress = Errno(rawValue: 6)
    /// C: `ENOEXEC`.
    public static let notExecutable = Errno(rawValue: 8)
    /// C: `EBADF`.
    public static let badDescriptor = Errno(rawValue: 9)
    /// C: `ECHILD`.
    public static let noChild = Errno(rawValue: 10)
    /// C: `EAGAIN`, `EWOULDBLOCK`.
    public static let tryAgain = Errno(rawValue: 11)
    /// C: `ENOMEM`.
    public static let noMemory = Errno(rawValue: 12)
    /// C: `EACCES`.
    public static let accessDenied = Errno(rawValue: 13)
    /// C: `EBUSY`.
    public static let busy = Errno(rawValue: 16)
    /// C: `EEXIST`.
    public static let exists = Errno(rawValue: 17)
    /// C: `EXDEV`.
    public static let crossDevice = Errno(rawValue: 18)
    /// C: `ENODEV`.
    public static let noDevice = Errno(rawValue: 19)
    /// C: `ENOTDIR`.
    public static let notDirectory = Errno(rawValue: 20)
    /// C: `EISDIR`.
    public static let isDirectory = Errno(rawValue: 21)
    /// C: `EINVAL`.
    public static let invalidArgument = Errno(rawValue: 22)
    /// The program is open for writing. C: `ETXTBSY`.
    public static let textBusy = Errno(rawValue: 26)
    /// C: `ENOSPC`.
    public static let noSpace = Errno(rawValue: 28)
    /// C: `EROFS`.
    public static let readOnlyFileSystem = Errno(rawValue: 30)
    /// C: `EPIPE`.
    public static let brokenPipe = Errno(rawValue: 32)
    /// C: `ERANGE`.
    public static let outOfRange = Errno(rawValue: 34)
    /// C: `ENAMETOOLONG`.
    public static let nameTooLong = Errno(rawValue: 36)
    /// C: `ENOSYS`.
    public static let noSuchCall = Errno(rawValue: 38)
    /// C: `ENOTEMPTY`.
    public static let notEmpty = Errno(rawValue: 39)
    /// Too many symbolic links, or one where none is allowed. C: `ELOOP`.
    public static let symbolicLink = Errno(rawValue: 40)
    /// The file has no such attribute. C: `ENODATA`.
    public static let noAttribute = Errno(rawValue: 61)
    /// What it was meant for has changed meanwhile; only netlink tells. C: `ERESTART`.
    public static let restart = Errno(rawValue: 85)
    /// C: `EMSGSIZE`.
    public static let messageTooLong = Errno(rawValue: 90)
    /// C: `EPROTONOSUPPORT`.
    public static let protocolNotSupported = Errno(rawValue: 93)
    /// C: `EOPNOTSUPP`.
    public static let notSupported = Errno(rawValue: 95)
    /// C: `EAFNOSUPPORT`.
    public static let familyNotSupported = Errno(rawValue: 97)
    /// C: `EADDRINUSE`.
    public static let addressInUse = Errno(rawValue: 98)
    /// C: `EADDRNOTAVAIL`.
    public static let addressNotAvailable = Errno(rawValue: 99)
    /// C: `ENETUNREACH`.
    public static let networkUnreachable = Errno(rawValue: 101)
    /// C: `ECONNRESET`.
    public static let connectionReset = Errno(rawValue: 104)
    /// C: `ETIMEDOUT`.
    public static let timedOut = Errno(rawValue: 110)
    /// C: `ECONNREFUSED`.
    public static let connectionRefused = Errno(rawValue: 111)
    /// C: `EHOSTUNREACH`.
    public static let hostUnreachable = Errno(rawValue: 113)
    /// C: `EDQUOT`.
    public static let quotaExceeded = Errno(rawValue: 122)
}
