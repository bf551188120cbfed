/// What `--security-opt` asks for.
struct SecurityOptions: Hashable, Sendable {
    var seccomp = Seccomp.standard
    var forbidsNewPrivileges = false
    /// `systempaths=unconfined`: nothing of /proc and /sys is hidden or read-only.
    var hidesNothing = false
    var apparmor: String?

    /// Where the profile of system calls comes from.
    enum Seccomp: Hashable, Sendable {
        case standard
        case unconfined
        case file(String)
    }

    /// Reads the options as typed.
    init(_ options: [String]) throws(EngineError) {
        for option in options {
            // The oldest form has a colon.
            let mark = option.firstIndex { $0 == "=" || $0 == ":" } ?? option.endIndex
            try set(String(option[..<mark]), String(option[mark...].dropFirst()), option)
        }
    }

    private mutating func set(_ key: String, _ value: String, _ option: String) throws(EngineError) {
        switch (key, value) {
        case ("no-new-privileges", ""), ("no-new-privileges", "true"): forbidsNewPrivileges = true
        case ("no-new-privileges", "false"): forbidsNewPrivileges = false
        case ("seccomp", "unconfined"): seccomp = .unconfined
        case ("seccomp", "builtin"): seccomp = .standard
        case ("seccomp", _) where !value.isEmpty: seccomp = .file(value)
        case ("systempaths", "unconfined"): hidesNothing = true
        case ("apparmor", "unconfined"): apparmor = nil
        case ("apparmor", _) where !value.isEmpty: apparmor = value
        // `disable` is what a machine without SELinux has anyway.
        case ("label", "disable"): break
        default:
            throw EngineError(
                "invalid --security-opt: \"\(option)\" (there are: seccomp=unconfined|FILE, no-new-privileges, "
                    + "apparmor=PROFILE, label=disable, systempaths=unconfined)", .invalid)
        }
    }
}
