internal import Kernel

/// Gives this process the session keyring of `container`, so that it cannot use the caller's keys. keyrings(7).
///
/// A process added by `exec` joins the same one by its name. A kernel without keys has nothing to protect.
func joinKeyring(_ container: String, hasUserNamespace: Bool) throws(RuntimeError) {
    // Without a search right nobody joins it by name again: for others in a user namespace, else for its user.
    let search: UInt32 = hasUserNamespace ? 0x0000_0008 : 0x0008_0000
    do throws(SystemError) {
        try joinSessionKeyring("_ses.\(container)").grant(search)
    } catch {
        if error.errno == .noSuchCall { return }
        throw .system(step: "make the container's session keyring", reason: "\(error)\(hint(error.errno))")
    }
}

private func hint(_ errno: Errno) -> String {
    let quotaExceeded = Errno(rawValue: 122)
    switch errno {
    case quotaExceeded: return "; the user has too many keys, see /proc/key-users and kernel.keys.maxkeys"
    // An outer container's seccomp profile often forbids keyctl(2).
    case .notPermitted, .accessDenied: return "; --no-new-keyring does without"
    default: return ""
    }
}
