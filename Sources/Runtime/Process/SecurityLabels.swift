internal import Kernel
internal import OCISpec

/// One write which tells a Linux security module what a process is to become.
struct LabelWrite: Hashable, Sendable {
    /// Below the process's own directory in /proc.
    ///
    /// It must be opened through a private mount of proc, never by name: a container can put another file in its
    /// place (CVE-2019-16884, CVE-2025-52881).
    let file: String
    let text: String
}

/// What AppArmor and SELinux are to make of a process. config.md, "Linux Process".
struct SecurityLabels: Hashable, Sendable {
    let selinuxLabel: String?
    let apparmorProfile: String?
    let modules: SecurityModules

    /// Asks the kernel which modules are on. To be made outside of the container, whose /sys proves nothing.
    init(_ process: Process) { self.init(process, modules: .present(for: process)) }

    init(_ process: Process, modules: SecurityModules) {
        selinuxLabel = Self.given(process.selinuxLabel)
        apparmorProfile = Self.given(process.apparmorProfile)
        self.modules = modules
    }

    /// An empty text asks for nothing.
    static func given(_ text: String?) -> String? { text == "" ? nil : text }

    /// The writes to be done before execve(2), by the process itself; they take effect with it.
    ///
    /// - Throws: ``RuntimeError/unsupported(path:reason:)`` for a profile or label of a module which is off: running
    ///   without the confinement that was asked for is worse than not running.
    func writes() throws(RuntimeError) -> [LabelWrite] {
        var writes: [LabelWrite] = []
        if let selinuxLabel {
            guard modules.hasSELinux else {
                throw .unsupported(
                    path: "process.selinuxLabel", reason: "SELinux is disabled or not supported")
            }
            writes.append(LabelWrite(file: "attr/exec", text: selinuxLabel))
        }
        if let apparmorProfile {
            guard let file = modules.appArmorFile else {
                throw .unsupported(
                    path: "process.apparmorProfile",
                    reason: "apparmor: config provided but AppArmor not supported")
            }
            writes.append(LabelWrite(file: file, text: "exec \(apparmorProfile)"))
        }
        return writes
    }

    /// The writes which label the keys and sockets this process makes from now on, or with `undo` end that.
    ///
    /// The session keyring is joined in between: a keyring labelled like the runtime is of no use inside.
    func creationWrites(undo: Bool = false) -> [LabelWrite] {
        guard modules.hasSELinux, let selinuxLabel else { return [] }
        return ["attr/keycreate", "attr/sockcreate"].map {
            LabelWrite(file: $0, text: undo ? "" : selinuxLabel)
        }
    }
}

/// Which security modules of this machine's kernel are on.
struct SecurityModules: Hashable, Sendable {
    /// Where a profile is written, below a process's directory in /proc; `nil` where AppArmor is off.
    var appArmorFile: String?
    var hasSELinux: Bool

    /// Asks about what `process` needs only: a container without labels pays nothing.
    static func present(for process: Process) -> SecurityModules {
        SecurityModules(
            appArmorFile: SecurityLabels.given(process.apparmorProfile).flatMap { _ in enabledAppArmorFile()
            },
            hasSELinux: SecurityLabels.given(process.selinuxLabel) != nil && isSELinuxEnabled())
    }
}

private func enabledAppArmorFile() -> String? {
    guard isAppArmorEnabled() else { return nil }
    // Kernels before 5.8 have one file for whichever module came first.
    let own = "attr/apparmor/exec"
    return fileExists("/proc/self/\(own)") ? own : "attr/exec"
}

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
