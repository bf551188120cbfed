internal import CKernel

/// A seccomp filter ready to be loaded. seccomp(2).
package struct SeccompProgram: Hashable, Sendable {
    /// The bytes of an array of `struct sock_filter`, in the machine's byte order.
    package var instructions: [UInt8]
    /// Flags of seccomp(2) other than `SECCOMP_FILTER_FLAG_NEW_LISTENER`.
    package var flags: UInt32
    /// Whether loading it answers a descriptor for notifications.
    package var notifies: Bool

    package init(instructions: [UInt8], flags: UInt32, notifies: Bool) {
        self.instructions = instructions
        self.flags = flags
        self.notifies = notifies
    }
}

/// Puts this process under `program`, for ever. seccomp(2), `SECCOMP_SET_MODE_FILTER`.
///
/// The process must have no_new_privs set, or `CAP_SYS_ADMIN` in its user namespace.
/// - Returns: the descriptor on which calls are reported, when the program notifies.
/// - Throws: ``SystemError`` with `EACCES` without the right, `EINVAL` for a program the kernel does not take.
package func loadSeccomp(_ program: SeccompProgram) throws(SystemError) -> FileDescriptor? {
    let flags = program.flags | (program.notifies ? UInt32(CK_SECCOMP_NEW_LISTENER) : 0)
    let count = program.instructions.count / 8
    guard let length = UInt16(exactly: count) else {
        throw SystemError(call: "seccomp", subject: "\(count) instructions", errno: .invalidArgument)
    }
    let answer = try check("seccomp", "\(count) instructions, flags \(flags)") {
        program.instructions.withUnsafeBytes { ck_seccomp_load(flags, $0.baseAddress, length) }
    }
    return program.notifies ? FileDescriptor(owning: answer) : nil
}

/// Flags of seccomp(2) a filter may be loaded with.
package enum SeccompFlag {
    /// C: `SECCOMP_FILTER_FLAG_LOG`.
    package static let log = UInt32(CK_SECCOMP_LOG)
    /// C: `SECCOMP_FILTER_FLAG_SPEC_ALLOW`.
    package static let allowSpeculation = UInt32(CK_SECCOMP_SPEC_ALLOW)
    /// C: `SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV`. The kernel takes it only with a listener.
    package static let waitKillable = UInt32(CK_SECCOMP_WAIT_KILLABLE_RECV)
}

/// Whether this kernel knows `flag`. Asks without loading anything.
package func kernelKnowsSeccompFlag(_ flag: UInt32) -> Bool {
    let companion = flag == SeccompFlag.waitKillable ? UInt32(CK_SECCOMP_NEW_LISTENER) : 0
    // The flags are looked at before the program, which is missing here: EFAULT says they are all right.
    let addressFault: Int32 = 14
    return ck_seccomp_probe_flags(flag | companion) == -addressFault
}

/// Whether this kernel knows the action `SECCOMP_RET_...`. seccomp(2), `SECCOMP_GET_ACTION_AVAIL`.
package func kernelKnowsSeccompAction(_ action: UInt32) -> Bool { ck_seccomp_action_available(action) == 0 }
