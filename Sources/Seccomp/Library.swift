internal import CSeccomp
internal import Kernel
internal import OCISpec

/// What libseccomp knows without a filter.
enum Library {
    /// The library's number for an architecture, which is the kernel's `AUDIT_ARCH_...` for all but x32.
    static func token(of architecture: OCISpec.Seccomp.Architecture) -> UInt32? {
        // SCMP_ARCH_X86_64 is x86_64 here.
        let token = seccomp_arch_resolve_name(
            architecture.rawValue.dropFirst("SCMP_ARCH_".count).lowercased())
        return token == 0 ? nil : token
    }

    /// The architecture of this machine.
    static var nativeToken: UInt32 { seccomp_arch_native() }

    /// The number of a system call here; negative for one which only other architectures have, `nil` for none.
    static func number(of name: String) -> Int32? {
        let number = seccomp_syscall_resolve_name(name)
        return number == unknown ? nil : number
    }

    /// The number of a system call on the architecture `token`; `nil` where it has none.
    static func number(of name: String, on token: UInt32) -> UInt32? {
        UInt32(exactly: seccomp_syscall_resolve_name_arch(token, name))
    }

    /// Major, minor and micro.
    static var version: (UInt32, UInt32, UInt32) {
        guard let version = seccomp_version()?.pointee else { return (0, 0, 0) }
        return (version.major, version.minor, version.micro)
    }

    /// C: `__NR_SCMP_ERROR`.
    private static let unknown: Int32 = -1
}

/// A filter in the making.
struct Filter: ~Copyable {
    private let context: UnsafeMutableRawPointer
    let defaultAction: UInt32

    /// Starts with `defaultAction` for every call of this machine's architecture.
    init(defaultAction: UInt32) throws(SeccompError) {
        guard let made = seccomp_init(defaultAction) else {
            throw SeccompError("defaultAction", "libseccomp or this kernel does not know the action")
        }
        context = made
        self.defaultAction = defaultAction
    }

    deinit { seccomp_release(context) }

    /// Lets the rules hold for one more architecture.
    borrowing func add(
        _ architecture: OCISpec.Seccomp.Architecture, path: String
    ) throws(SeccompError) {
        guard let token = Library.token(of: architecture) else {
            throw SeccompError(path, "this libseccomp does not know \(architecture.rawValue)")
        }
        let answer = seccomp_arch_add(context, token)
        if answer == -Errno.exists.rawValue { return }
        try check(answer, "seccomp_arch_add", architecture.rawValue, path)
    }

    /// Has the calls looked up in a tree, not one after the other. Libraries before 2.5 cannot; that is no loss.
    borrowing func optimizeAsTree() { _ = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2) }

    /// Adds a rule: `action` for the call `number`, where all `conditions` hold.
    borrowing func add(
        _ action: UInt32, _ number: Int32, _ conditions: [OCISpec.Seccomp.Argument], path: String,
        name: String
    ) throws(SeccompError) {
        let comparisons = conditions.map { condition in
            scmp_arg_cmp(
                arg: condition.index, op: condition.op.comparison, datum_a: condition.value,
                datum_b: condition.valueTwo)
        }
        let answer = seccomp_rule_add_array(context, action, number, UInt32(comparisons.count), comparisons)
        try check(answer, "seccomp_rule_add", name, path)
    }

    /// The filter as the bytes of an array of `struct sock_filter`.
    borrowing func export() throws(SeccompError) -> [UInt8] {
        do throws(SystemError) {
            let file = try FileDescriptor.inMemory("seccomp")
            let answer = seccomp_export_bpf(context, file.rawValue)
            guard answer == 0 else {
                throw SystemError(call: "seccomp_export_bpf", errno: Errno(rawValue: -answer))
            }
            return try file.contents()
        } catch { throw SeccompError("", "cannot compile: \(error)") }
    }

    private borrowing func check(
        _ answer: Int32, _ call: String, _ subject: String, _ path: String
    ) throws(SeccompError) {
        if answer == 0 { return }
        throw SeccompError(
            path, "\(SystemError(call: call, subject: subject, errno: Errno(rawValue: -answer)))")
    }
}

extension OCISpec.Seccomp.Operator {
    var comparison: scmp_compare {
        switch self {
        case .notEqual: SCMP_CMP_NE
        case .less: SCMP_CMP_LT
        case .lessOrEqual: SCMP_CMP_LE
        case .equal: SCMP_CMP_EQ
        case .greaterOrEqual: SCMP_CMP_GE
        case .greater: SCMP_CMP_GT
        case .maskedEqual: SCMP_CMP_MASKED_EQ
        }
    }
}
