internal import CKernel

/// A loaded program that decides which devices a cgroup may use. bpf(2), `BPF_PROG_TYPE_CGROUP_DEVICE`.
public struct DeviceProgram: ~Copyable {
    private let descriptor: FileDescriptor

    /// Has the kernel check and load `instructions`, each a `struct bpf_insn` as one number in memory order.
    ///
    /// - Throws: ``SystemError`` with `EPERM` without `CAP_BPF`, `EINVAL` or `EACCES` when the verifier refuses.
    public init(loading instructions: [UInt64]) throws(SystemError) {
        let count = UInt32(instructions.count)
        descriptor = FileDescriptor(
            owning: try check("bpf", "BPF_PROG_LOAD") {
                ck_bpf_load_device_program(instructions, count, nil, 0)
            })
    }

    private static func open(_ id: UInt32) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try check("bpf", "BPF_PROG_GET_FD_BY_ID") { ck_bpf_open_program(id) })
    }

    /// Makes the program decide in `cgroup`, next to those of the cgroups above. All must agree.
    public borrowing func attach(to cgroup: borrowing FileDescriptor) throws(SystemError) {
        let (program, directory) = (descriptor.rawValue, cgroup.rawValue)
        _ = try check("bpf", "BPF_PROG_ATTACH") { ck_bpf_attach_device_program(directory, program, -1) }
    }

    /// Makes `new` decide instead of whatever is attached to `cgroup`; `nil` allows everything.
    ///
    /// There is no moment without a program: one old program is replaced, several are taken away afterwards.
    public static func replaceAll(
        on cgroup: borrowing FileDescriptor, by new: consuming DeviceProgram?
    ) throws(SystemError) {
        let ids = try attached(to: cgroup)
        let directory = cgroup.rawValue
        if let new {
            let program = new.descriptor.rawValue
            if ids.count == 1 {
                let old = try open(ids[0])
                let replaced = old.rawValue
                _ = try check("bpf", "BPF_PROG_ATTACH") {
                    ck_bpf_attach_device_program(directory, program, replaced)
                }
                return
            }
            try new.attach(to: cgroup)
        }
        for id in ids {
            let old = try open(id)
            let program = old.rawValue
            _ = try check("bpf", "BPF_PROG_DETACH") { ck_bpf_detach_device_program(directory, program) }
        }
    }

    /// The ids of the programs attached to `cgroup` itself.
    public static func attached(to cgroup: borrowing FileDescriptor) throws(SystemError) -> [UInt32] {
        let directory = cgroup.rawValue
        var ids = [UInt32](repeating: 0, count: 64)
        let count = try check("bpf", "BPF_PROG_QUERY") {
            ck_bpf_query_device_programs(directory, &ids, UInt32(ids.count))
        }
        return Array(ids.prefix(Int(count)))
    }
}
