internal import OCISpec

/// Adds what one element of `syscalls` says, for each of its names.
func add(_ rule: OCISpec.Seccomp.Rule, to filter: borrowing Filter, path: String) throws(SeccompError) {
    let action = rule.action.code(rule.errnoRet)
    // The library refuses a rule which says the same as the default.
    if action == filter.defaultAction { return }
    let alternatives = alternatives(rule.args)
    for (index, name) in rule.names.enumerated() {
        // A name the library does not know is a call of another machine or a newer kernel: nothing to allow.
        guard let number = Library.number(of: name) else { continue }
        for conditions in alternatives {
            try filter.add(action, number, conditions, path: "\(path).names[\(index)]", name: name)
        }
    }
}

/// The sets of conditions of which one must hold.
///
/// Conditions on different arguments must all hold. Where two are on one argument each stands alone: libseccomp
/// takes one condition per argument, and runc has always read such profiles this way.
func alternatives(_ arguments: [OCISpec.Seccomp.Argument]) -> [[OCISpec.Seccomp.Argument]] {
    let indices = Set(arguments.map(\.index))
    return indices.count == arguments.count ? [arguments] : arguments.map { [$0] }
}

extension OCISpec.Seccomp.Action {
    /// Whether the action carries an error number.
    var takesErrno: Bool { self == .errno || self == .trace }

    /// The kernel's `SECCOMP_RET_...`, with the error number in its lower half; EPERM unless `errno` says another.
    func code(_ errno: UInt32?) -> UInt32 {
        let notPermitted: UInt32 = 1
        let data = (errno ?? notPermitted) & 0xffff
        switch self {
        case .kill, .killThread: return 0x0000_0000
        case .killProcess: return 0x8000_0000
        case .trap: return 0x0003_0000
        case .errno: return 0x0005_0000 | data
        case .notify: return 0x7fc0_0000
        case .trace: return 0x7ff0_0000 | data
        case .log: return 0x7ffc_0000
        case .allow: return 0x7fff_0000
        }
    }
}
