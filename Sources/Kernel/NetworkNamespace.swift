internal import CKernel

/// An open network namespace. network_namespaces(7)
public struct NetworkNamespace: ~Copyable, Sendable {
    /// Stands for the namespace in netlink messages. Valid while `self` is alive.
    public let file: FileDescriptor
    /// Where it was opened, for error text.
    public let path: String

    /// Opens the namespace at `path`, for example `/run/netns/blue` or `/proc/1/ns/net`.
    ///
    /// - Throws: ``SystemError`` from open(2), or with `EINVAL` when the file is no namespace.
    public init(path: String) throws(SystemError) {
        // A fifo in its place must not block.
        let file = try FileDescriptor.open(path, .nonBlocking)
        guard try file.fileSystemType() == namespaceFileSystem else {
            throw SystemError(call: "open", subject: path, errno: .invalidArgument)
        }
        self.file = file
        self.path = path
    }

    /// Opens the namespace this thread is in.
    public static func current() throws(SystemError) -> NetworkNamespace {
        try NetworkNamespace(path: ownNamespace)
    }

    /// Moves this thread into the namespace. setns(2).
    ///
    /// - Throws: ``SystemError`` with `EPERM` without `CAP_SYS_ADMIN` over the target, `EINVAL` for another kind.
    public borrowing func enter() throws(SystemError) {
        let number = file.rawValue
        let name = path
        _ = try check("setns", name) { ck_setns(number, Int32(NamespaceSet.network.rawValue)) }
    }

    /// Which namespace it is, whatever path leads to it.
    public borrowing func identity() throws(SystemError) -> NamespaceIdentity {
        NamespaceIdentity(try file.status())
    }
}

/// What tells one namespace from another. namespaces(7), "The /proc/[pid]/ns/ directory".
public struct NamespaceIdentity: Hashable, Sendable {
    public let device: UInt64
    public let inode: UInt64

    fileprivate init(_ status: FileStatus) {
        device = status.device
        inode = status.inode
    }

    /// The network namespace this thread is in.
    public static func ofCurrentNetwork() throws(SystemError) -> NamespaceIdentity {
        NamespaceIdentity(try fileStatus(ownNamespace))
    }

    /// The namespace at `path`; of a file that is none nothing but itself has the identity.
    public static func of(path: String) throws(SystemError) -> NamespaceIdentity {
        NamespaceIdentity(try fileStatus(path))
    }
}

private let ownNamespace = "/proc/thread-self/ns/net"
/// C: `NSFS_MAGIC`.
private let namespaceFileSystem: Int64 = 0x6e73_6673
