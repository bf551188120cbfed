internal import CKernel

/// Every capability of Linux, by number. capabilities(7).
package let capabilityNames = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL",
    "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT",
    "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE",
    "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
]

/// The number of the highest capability this kernel has. capabilities(7).
package func highestCapability() -> Int {
    // CAP_CHECKPOINT_RESTORE, the last one of Linux 5.9 and, at the time of writing, of all since.
    var highest = 40
    while highest < 63, isKnown(capability: highest + 1) { highest += 1 }
    while highest > 0, !isKnown(capability: highest) { highest -= 1 }
    return highest
}

private func isKnown(capability: Int) -> Bool {
    ck_prctl(Int32(CK_PR_CAPBSET_READ), UInt(capability), 0, 0, 0) >= 0
}

/// Takes every capability that is not in `mask` out of the bounding set. prctl(2), `PR_CAPBSET_DROP`.
///
/// - Throws: ``SystemError`` with `EPERM` without `CAP_SETPCAP`, unless there is nothing to drop.
package func dropBoundingSet(keeping mask: UInt64) throws(SystemError) {
    for capability in 0..<64 where mask & (1 << UInt64(capability)) == 0 {
        // Not read first: dropping what is not there costs the same and always succeeds.
        let answer = ck_prctl(Int32(CK_PR_CAPBSET_DROP), UInt(capability), 0, 0, 0)
        if answer >= 0 { continue }
        let number = Errno(rawValue: -answer)
        if number == .invalidArgument { return }  // above the kernel's highest
        if number == .notPermitted, isAbsent(capability: capability) { continue }
        throw SystemError(call: "prctl", subject: "PR_CAPBSET_DROP \(capability)", errno: number)
    }
}

private func isAbsent(capability: Int) -> Bool {
    // Also when the kernel does not know it.
    ck_prctl(Int32(CK_PR_CAPBSET_READ), UInt(capability), 0, 0, 0) <= 0
}

/// Whether the permitted set survives a change from user 0 to another. prctl(2), `PR_SET_KEEPCAPS`.
package func setKeepCapabilities(_ keep: Bool) throws(SystemError) {
    _ = try check("prctl", "PR_SET_KEEPCAPS") { ck_prctl(Int32(CK_PR_SET_KEEPCAPS), keep ? 1 : 0, 0, 0, 0) }
}

/// Sets three of this process's capability sets; bit N is capability N. capset(2).
///
/// - Throws: ``SystemError`` with `EPERM` for what the process does not have; the subject then names it.
package func setCapabilities(
    effective: UInt64, permitted: UInt64, inheritable: UInt64
) throws(SystemError) {
    _ = try check("capset", missing(permitted)) { ck_set_capabilities(effective, permitted, inheritable) }
}

/// What capset(2) may be missing, for error text.
private func missing(_ wanted: UInt64) -> String {
    let lacking = wanted & ~((try? currentCapabilities())?.permitted ?? wanted)
    let names = (0..<64).filter { lacking & (1 << UInt64($0)) != 0 }.map { number in
        capabilityNames.indices.contains(number) ? capabilityNames[number] : "capability \(number)"
    }
    return names.isEmpty ? "" : "(the runtime itself lacks \(names.joined(separator: ", ")))"
}

/// The effective, permitted and inheritable sets of this process. capget(2).
package func currentCapabilities() throws(SystemError) -> (
    effective: UInt64, permitted: UInt64, inheritable: UInt64
) {
    var sets: (UInt64, UInt64, UInt64) = (0, 0, 0)
    _ = try check("capget") { ck_get_capabilities(&sets.0, &sets.1, &sets.2) }
    return sets
}

/// Makes the ambient set exactly `mask`. prctl(2), `PR_CAP_AMBIENT`.
///
/// - Throws: ``SystemError`` with `EPERM` for a capability that is not both permitted and inheritable.
package func setAmbient(_ mask: UInt64) throws(SystemError) {
    let option = Int32(CK_PR_CAP_AMBIENT)
    _ = try check("prctl", "PR_CAP_AMBIENT_CLEAR_ALL") {
        ck_prctl(option, UInt(CK_PR_CAP_AMBIENT_CLEAR_ALL), 0, 0, 0)
    }
    for capability in 0..<64 where mask & (1 << UInt64(capability)) != 0 {
        _ = try check("prctl", "PR_CAP_AMBIENT_RAISE \(capability)") {
            ck_prctl(option, UInt(CK_PR_CAP_AMBIENT_RAISE), UInt(capability), 0, 0)
        }
    }
}
