internal import Kernel

/// The user database of the container this process is in. Hostile: never trusted to be small, or a file.
struct ContainerUsers {
    /// Home of `uid` in /etc/passwd, if it says so.
    func home(of uid: UInt32) -> String? {
        guard let bytes = Self.read("etc/passwd") else { return nil }
        return PasswdFile(bytes).entry(uid: uid)?.home
    }

    /// At most 1 MiB of a regular file; a named pipe or a device would hold the runtime for ever.
    private static func read(_ path: String) -> [UInt8]? {
        do throws(SystemError) {
            // A link like /proc/self/fd/7/passwd would lead to the host's.
            let file = try FileDescriptor.open("/", [.reference, .directory])
                .open(
                    below: path, [.nonBlocking, .noControllingTerminal], resolve: [.inRoot, .noMagicLinks])
            let status = try file.status()
            guard status.kind == .regular, status.size <= 1 << 20 else { return nil }
            return try file.readAll()
        } catch { return nil }
    }
}
