internal import Kernel

/// The accounts of the container, looked up from inside its root: in files only, never through NSS.
struct ContainerUsers {
    /// Home directory of `uid`, or `nil` when its /etc/passwd does not say.
    func home(of uid: UInt32) -> String? {
        guard let home = passwd()?.account(uid: uid)?.home, !home.isEmpty else { return nil }
        return home
    }

    /// The container's /etc/passwd, or `nil` when there is none to read.
    func passwd() -> PasswdFile? { contents("/etc/passwd").map(PasswdFile.init) }

    /// The container's /etc/group, or `nil` when there is none to read.
    func groups() -> GroupFile? { contents("/etc/group").map(GroupFile.init) }

    // Best effort: a program needs no account. The image may have a fifo or a device there, which must not be waited for.
    private func contents(_ path: String) -> [UInt8]? {
        guard let file = try? FileDescriptor.open(path, [.nonBlocking, .noControllingTerminal]),
            let status = try? file.status(), status.kind == .regular
        else { return nil }
        var bytes: [UInt8] = []
        while bytes.count < PasswdFile.limit {
            guard let more = try? file.read(upTo: 65536) else { return nil }
            if more.isEmpty { break }
            bytes += more
        }
        return bytes
    }
}
