internal import OCISpec

// The profile a container gets when none is asked for, with the meaning of Docker's: what is listed is allowed, what only a capability
// makes sensible is allowed with it, everything else fails with EPERM. A call newer than the runtime knows fails with ENOSYS, so that
// a C library goes back to the older one: that is the runtime's part, since only the runtime knows the numbers.
extension SeccompProfile {
    /// The profile of a container for which nothing else was asked.
    package static var standard: SeccompProfile {
        var profile = SeccompProfile()
        profile.defaultErrnoRet = notPermitted
        profile.families = [
            [.x86_64, .x86, .x32], [.aarch64, .arm], [.s390x, .s390], [.ppc64le], [.riscv64], [.x86], [.arm],
        ]
        profile.rules =
            [Rule(allow(everyday.flatMap(words)))] + personalities + machineRules + capabilityRules
            + namespaceRules
        // AF_VSOCK knows no namespace: it talks to the hypervisor.
        profile.rules.append(Rule(allow(["socket"], [argument(0, .notEqual, 40)])))
        return profile
    }

    private static let notPermitted: UInt32 = 1
    private static let noSuchCall: UInt32 = 38

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    private static func allow(_ names: [String], _ arguments: [Seccomp.Argument] = []) -> Seccomp.Rule {
        var rule = Seccomp.Rule()
        rule.names = names
        rule.args = arguments
        return rule
    }

    private static func argument(
        _ index: UInt32, _ op: Seccomp.Operator, _ value: UInt64, _ other: UInt64 = 0
    ) -> Seccomp.Argument {
        var argument = Seccomp.Argument()
        (argument.index, argument.op, argument.value, argument.valueTwo) = (index, op, value, other)
        return argument
    }

    /// Linux, 32 bits, the old form of uname(2), both, and the question which one it is. personality(2).
    private static var personalities: [Rule] {
        [0x0, 0x8, 0x20000, 0x20008, 0xffff_ffff].map {
            Rule(allow(["personality"], [argument(0, .equal, $0)]))
        }
    }

    private static var machineRules: [Rule] {
        let lists: [([String], String)] = [
            (["amd64", "386"], "arch_prctl modify_ldt"), (["ppc64le"], "sync_file_range2 swapcontext"),
            (
                ["arm", "arm64"],
                "arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush set_tls"
            ),
            (["s390x"], "s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr"),
            (["riscv64"], "riscv_flush_icache riscv_hwprobe"),
        ]
        return lists.map { machines, names in
            var rule = Rule(allow(words(names)))
            rule.includes.machines = machines
            return rule
        }
    }

    private static var capabilityRules: [Rule] {
        let lists = [
            ("CAP_DAC_READ_SEARCH", "open_by_handle_at"), ("CAP_SYS_BOOT", "reboot"),
            ("CAP_SYS_ADMIN", administration), ("CAP_SYS_CHROOT", "chroot"),
            ("CAP_SYS_MODULE", "delete_module init_module finit_module"), ("CAP_SYS_PACCT", "acct"),
            ("CAP_SYS_PTRACE", "kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace"),
            ("CAP_SYS_RAWIO", "iopl ioperm"),
            ("CAP_SYS_TIME", "settimeofday stime clock_settime clock_settime64"),
            ("CAP_SYS_TTY_CONFIG", "vhangup"), ("CAP_SYSLOG", "syslog"), ("CAP_BPF", "bpf"),
            ("CAP_SYS_NICE", "get_mempolicy mbind set_mempolicy set_mempolicy_home_node"),
            ("CAP_PERFMON", "perf_event_open"),
        ]
        return lists.map { capability, names in
            var rule = Rule(allow(words(names)))
            rule.includes.capabilities = [capability]
            return rule
        }
    }

    /// Processes without the right to make namespaces: clone(2) with none of the flags which do.
    private static var namespaceRules: [Rule] {
        // CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
        let flags: UInt64 = 0x7e02_0000
        var clone = Rule(allow(["clone"], [argument(0, .maskedEqual, flags, 0)]))
        clone.excludes = Condition(machines: ["s390x"], capabilities: ["CAP_SYS_ADMIN"])
        var swapped = Rule(allow(["clone"], [argument(1, .maskedEqual, flags, 0)]))
        swapped.includes.machines = ["s390x"]
        swapped.excludes.capabilities = ["CAP_SYS_ADMIN"]
        // Its flags are in memory, where no filter can see them; the C library then takes clone(2).
        var clone3 = Rule(allow(["clone3"]))
        clone3.rule.action = .errno
        clone3.rule.errnoRet = noSuchCall
        clone3.excludes.capabilities = ["CAP_SYS_ADMIN"]
        return [clone, swapped, clone3]
    }

    private static let administration =
        "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie mount mount_setattr "
        + "move_mount open_tree perf_event_open pivot_root quotactl quotactl_fd setdomainname sethostname setns "
        + "syslog umount umount2 unshare listmount statmount"
}
