internal import CKernel

/// The namespaces of namespaces(7), one bit each; the bits are those of clone(2).
public struct NamespaceSet: OptionSet, Sendable, Hashable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    public static let time = NamespaceSet(rawValue: 0x0000_0080)
    public static let mount = NamespaceSet(rawValue: 0x0002_0000)
    public static let cgroup = NamespaceSet(rawValue: 0x0200_0000)
    public static let uts = NamespaceSet(rawValue: 0x0400_0000)
    public static let ipc = NamespaceSet(rawValue: 0x0800_0000)
    public static let user = NamespaceSet(rawValue: 0x1000_0000)
    public static let pid = NamespaceSet(rawValue: 0x2000_0000)
    public static let network = NamespaceSet(rawValue: 0x4000_0000)
}

/// Moves this process into the namespaces `descriptor` stands for, of the kinds in `kinds`. setns(2).
///
/// - Throws: ``SystemError`` with `EPERM` without `CAP_SYS_ADMIN` over the target, `EINVAL` for another kind.
public func enterNamespaces(
    _ descriptor: borrowing FileDescriptor, _ kinds: NamespaceSet
) throws(SystemError) {
    let number = descriptor.rawValue
    _ = try check("setns", "\(kinds)") { ck_setns(number, Int32(truncatingIfNeeded: kinds.rawValue)) }
}

/// Moves this process into the namespaces of the process behind the descriptor `target`. setns(2), pidfd.
///
/// A pid namespace holds for children made from now on only.
public func enterNamespaces(_ target: Int32, _ kinds: NamespaceSet) throws(SystemError) {
    _ = try check("setns", "\(kinds)") { ck_setns(target, Int32(truncatingIfNeeded: kinds.rawValue)) }
}

/// Gives this process new namespaces of its own. unshare(2).
public func unshareNamespaces(_ kinds: NamespaceSet) throws(SystemError) {
    _ = try check("unshare", "\(kinds)") { ck_unshare(Int32(truncatingIfNeeded: kinds.rawValue)) }
}

extension NamespaceSet: CustomStringConvertible {
    /// The names as namespaces(7) writes them, for error text.
    public var description: String {
        let names: [(NamespaceSet, String)] = [
            (.user, "user"), (.mount, "mount"), (.pid, "pid"), (.network, "network"), (.ipc, "ipc"),
            (.uts, "uts"), (.cgroup, "cgroup"), (.time, "time"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: ",")
    }
}
