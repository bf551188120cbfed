internal import Kernel
internal import OCISpec

/// Refuses what the specification forbids and what could not work. config-linux.md, "Seccomp".
func validate(_ profile: OCISpec.Seccomp) throws(SeccompError) {
    // The process that loads the filter must still be able to hand the descriptor over.
    if profile.defaultAction == .notify {
        throw SeccompError("defaultAction", "SCMP_ACT_NOTIFY cannot be the default")
    }
    if profile.defaultErrnoRet != nil, !profile.defaultAction.takesErrno {
        throw SeccompError("defaultErrnoRet", "\(profile.defaultAction.rawValue) takes no error number")
    }
    for (index, rule) in profile.syscalls.enumerated() { try validate(rule, path: "syscalls[\(index)]") }
    if profile.notifies, (profile.listenerPath ?? "").isEmpty {
        throw SeccompError("listenerPath", "needed by SCMP_ACT_NOTIFY")
    }
}

private func validate(_ rule: OCISpec.Seccomp.Rule, path: String) throws(SeccompError) {
    if rule.errnoRet != nil, !rule.action.takesErrno {
        throw SeccompError("\(path).errnoRet", "\(rule.action.rawValue) takes no error number")
    }
    for (index, name) in rule.names.enumerated() {
        if name.isEmpty { throw SeccompError("\(path).names[\(index)]", "is empty") }
        // The descriptor's number is written to the runtime under the filter already.
        if rule.action == .notify, name == "write" {
            throw SeccompError("\(path).names[\(index)]", "SCMP_ACT_NOTIFY cannot be used for write")
        }
    }
    for (index, argument) in rule.args.enumerated() where argument.index > 5 {
        throw SeccompError("\(path).args[\(index)].index", "\(argument.index) is not in 0...5")
    }
}

/// The flags of seccomp(2) for `profile`.
///
/// Without `flags` the mitigation of speculative store bypass stays off where the kernel lets it, as with runc: it
/// costs much and the kernel's own default since 5.16 is off, too.
func filterFlags(_ profile: OCISpec.Seccomp) throws(SeccompError) -> UInt32 {
    guard let wanted = profile.flags else {
        return kernelKnowsSeccompFlag(SeccompFlag.allowSpeculation) ? SeccompFlag.allowSpeculation : 0
    }
    var flags: UInt32 = 0
    for (index, flag) in wanted.enumerated() {
        guard let bit = flag.bit else { continue }
        // Without a listener there is nobody to wait for, and the kernel refuses the flag.
        if flag == .waitKillableReceive, !profile.notifies { continue }
        guard kernelKnowsSeccompFlag(bit) else {
            throw SeccompError("flags[\(index)]", "this kernel does not know \(flag.rawValue)")
        }
        flags |= bit
    }
    return flags
}

extension OCISpec.Seccomp.Flag {
    /// The flag of seccomp(2); `nil` for TSYNC: one thread has nobody to take along.
    var bit: UInt32? {
        switch self {
        case .tsync: nil
        case .log: SeccompFlag.log
        case .specAllow: SeccompFlag.allowSpeculation
        case .waitKillableReceive: SeccompFlag.waitKillable
        }
    }
}
