internal import Kernel
internal import OCISpec

/// One write which tells a Linux security module what a process is to become.
///
/// The paths are below the process's own directory in /proc. They must be opened through a private mount of proc,
/// never by name: a container can put another file in their place (CVE-2019-16884, CVE-2025-52881).
struct LabelWrite: Hashable, Sendable {
    /// Tried in this order; the next one only where the kernel has no such file.
    let paths: [String]
    let text: String
    /// Where the value stands in the configuration.
    let key: String
}

/// What this machine's kernel has switched on.
struct SecurityModules: Hashable, Sendable {
    var hasAppArmor: Bool
    var hasSELinux: Bool

    /// Asks the kernel, about what `process` needs only: an engine without such modules pays nothing.
    static func present(for process: Process) -> SecurityModules {
        SecurityModules(
            hasAppArmor: wants(process.apparmorProfile) && isAppArmorEnabled(),
            hasSELinux: wants(process.selinuxLabel) && isSELinuxEnabled())
    }
}

/// The writes which must be done right before execve(2), in this order. config.md, "Linux Process".
///
/// - Throws: ``RuntimeError/unsupported(path:reason:)`` for a profile or label of a module which is off: running
///   without the confinement that was asked for is worse than not running.
func labelWrites(_ process: Process, modules: SecurityModules) throws(RuntimeError) -> [LabelWrite] {
    var writes: [LabelWrite] = []
    if let label = process.selinuxLabel, !label.isEmpty {
        let key = "process.selinuxLabel"
        guard modules.hasSELinux else {
            throw .unsupported(path: key, reason: "SELinux is disabled or not supported")
        }
        writes.append(LabelWrite(paths: ["attr/exec"], text: label, key: key))
    }
    if let profile = process.apparmorProfile, !profile.isEmpty {
        let key = "process.apparmorProfile"
        guard modules.hasAppArmor else {
            throw .unsupported(path: key, reason: "apparmor: config provided but AppArmor not supported")
        }
        // The second is for kernels before 5.8; where SELinux runs beside AppArmor it is not AppArmor's.
        writes.append(
            LabelWrite(paths: ["attr/apparmor/exec", "attr/exec"], text: "exec \(profile)", key: key))
    }
    return writes
}

/// The writes which label keys and sockets this process makes from now on; with an empty text they are undone.
///
/// Keys first, before the session keyring is joined: a keyring labelled like the runtime is of no use inside.
func creationLabelWrites(_ process: Process, modules: SecurityModules, undo: Bool = false) -> [LabelWrite] {
    guard modules.hasSELinux, let label = process.selinuxLabel, !label.isEmpty else { return [] }
    return ["attr/keycreate", "attr/sockcreate"].map {
        LabelWrite(paths: [$0], text: undo ? "" : label, key: "process.selinuxLabel")
    }
}

private func wants(_ value: String?) -> Bool { !(value ?? "").isEmpty }

/// Whether AppArmor confines processes here.
func isAppArmorEnabled() -> Bool {
    // Best effort: a file that cannot be read means no AppArmor.
    let text = try? readText("/sys/module/apparmor/parameters/enabled")
    return text?.hasPrefix("Y") == true && fileExists("/sys/kernel/security/apparmor")
}

/// Whether SELinux confines processes here: its file system is there, and a policy has labelled this process.
func isSELinuxEnabled() -> Bool {
    let selinuxMagic: Int64 = 0xf97c_ff8c
    guard (try? fileSystemType("/sys/fs/selinux")) == selinuxMagic else { return false }
    // Until a policy is loaded everything is called `kernel`.
    let label = try? readText("/proc/self/attr/current")
    return label != nil && label != "kernel" && label != ""
}
