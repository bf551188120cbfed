internal import Kernel

extension PlannedMount {
    /// What to tell about a mount the kernel refused: where it stands, why, and what would help.
    func failure(_ error: SystemError, in plan: RootfsPlan? = nil) -> RuntimeError {
        if isBind, error.subject == source, error.call == "open_tree" {
            return .system(
                step: "open the source of a bind mount (mounts[\(index)].source)", reason: "\(error)")
        }
        guard let hint = hint(error, plan) else { return .system(step: title, reason: "\(error)") }
        return .system(step: title, reason: "\(error) (\(hint))")
    }

    private func hint(_ error: SystemError, _ plan: RootfsPlan?) -> String? {
        if needsRealDirectory, [.symbolicLink, .notDirectory].contains(error.errno) {
            return "\(type) is mounted on a real directory only, and a symbolic link is in the way"
        }
        if isBind, error.call == "move_mount", [.notDirectory, .invalidArgument].contains(error.errno) {
            return "a directory cannot be mounted on a file, or a file on a directory"
        }
        if error.call == "mount_setattr", error.subject.isEmpty, error.errno == .notPermitted {
            return "flags of the source are locked by a user namespace and cannot be cleared"
        }
        if error.errno == .noSuchCall { return "Linux 5.12 or newer is needed" }
        if plan?.userNamespace != nil || plan?.isRootless == true, let hint = userNamespaceHint(error) {
            return hint
        }
        guard error.call == "fsconfig", error.errno == .invalidArgument else { return nil }
        return
            "mounts[\(index)].options: neither a flag nor an option of \(type), or a value it does not take"
    }

    private func userNamespaceHint(_ error: SystemError) -> String? {
        switch (type, error.errno) {
        case ("devpts", .invalidArgument) where options.data.contains { $0.hasPrefix("gid=") }:
            "the group of gid= has no mapping in the user namespace: map it or remove the option"
        case ("sysfs", .notPermitted):
            "sysfs needs a network namespace made in the same user namespace: make one, or bind /sys instead"
        case ("proc", .notPermitted):
            "proc needs a pid namespace made in the same user namespace, and a host's /proc without masks"
        case ("mqueue", .notPermitted):
            "mqueue needs an ipc namespace made in the same user namespace"
        default: nil
        }
    }
}
