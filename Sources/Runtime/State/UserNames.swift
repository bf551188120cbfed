internal import Kernel

/// Names of the host's users. Read from /etc/passwd once: a static program has no other way to them.
struct UserNames {
    private let file = PasswdFile((try? readFile("/etc/passwd")) ?? [])  // without it numbers must do

    /// The name of `uid`, or its number.
    func name(of uid: UInt32) -> String { file.entry(uid: uid)?.name ?? "\(uid)" }
}
