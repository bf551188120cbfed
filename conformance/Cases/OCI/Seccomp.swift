import JSON
import Kernel
import Suite

private let place = "config-linux.md#seccomp"

private let defaultAction = property(
    "seccomp.defaultAction",
    "`defaultAction` (string, REQUIRED) - the default action for seccomp. Allowed values are the same as `syscalls[].action`.",
    place)
private let defaultErrno = property(
    "seccomp.defaultErrnoRet",
    "`defaultErrnoRet` (uint, OPTIONAL) - the errno return code to use. … The default is `EPERM`.", place)
private let errno = property(
    "seccomp.errnoRet",
    "`errnoRet` (uint, OPTIONAL) - the errno return code to use. … The default is `EPERM`.",
    place)
private let errnoRefused = must(
    "seccomp.errnoRet.refused",
    "When the action doesn't support an errno, the runtime MUST print and error and fail.", place)
private let action = property(
    "seccomp.action", "`action` (string, REQUIRED) - the action for seccomp rules.", place)
private let names = must("seccomp.names", "`names` MUST contain at least one entry.", place)
private let arguments = property(
    "seccomp.args", "`args` (array of objects, OPTIONAL) - the specific syscall in seccomp.", place)
private let architectures = property(
    "seccomp.architectures",
    "`architectures` (array of strings, OPTIONAL) - the architecture used for system calls.", place)
private let flags = property(
    "seccomp.flags", "`flags` (array of strings, OPTIONAL) - list of flags to use with seccomp(2).", place)
private let invalid = must(
    "valid-values.error",
    "Runtimes MUST generate an error when invalid or unsupported values are encountered.",
    "config.md#valid-values")

private let needs: [Need<Runtime>] = [
    .enabled("linux.seccomp.enabled"), .kernelFile("/proc/sys/kernel/seccomp/actions_avail"),
]

/// config-linux.md, "Seccomp".
let seccompSection = Section(
    "seccomp",
    [
        check("oci.seccomp.none", "without seccomp there is no filter", defaultAction, needs: needs) {
            bench throws(Stop) in
            let mine = try prepare("a look") { () throws(SystemError) in
                try readText("/proc/self/status").split(separator: "\n").first { $0.hasPrefix("Seccomp:") }
            }
            let wanted = String((mine ?? "Seccomp:\t0").split { $0 == "\t" || $0 == " " }.last ?? "0")
            try bench.run("status Seccomp").expect("status Seccomp", wanted)
        },
        check(
            "oci.seccomp.allow", "SCMP_ACT_ALLOW lets calls through, in a filter", defaultAction, needs: needs
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", #"{"names": ["acct"], "action": "SCMP_ACT_ERRNO"}"#)
            let seen = try bench.run("status Seccomp", "set-personality 0")
            try seen.expect("status Seccomp", "2")
            try seen.expect("set-personality 0", "true")
        },
        check("oci.seccomp.errno", "SCMP_ACT_ERRNO refuses the call with EPERM", action, errno, needs: needs)
        { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", rule("SCMP_ACT_ERRNO"))
            try bench.run("set-personality 0").expectError("set-personality 0", .notPermitted)
        },
        check(
            "oci.seccomp.errno-given", "errnoRet is the error number", errno, needs: needs + [.since("1.0.2")]
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", rule("SCMP_ACT_ERRNO", #""errnoRet": 95"#))
            try bench.run("set-personality 0").expectError("set-personality 0", .notSupported)
        },
        check(
            "oci.seccomp.default-errno", "defaultErrnoRet is the error number of the default action",
            defaultErrno, needs: needs + [.since("1.1.0")]
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ERRNO", #"{"names": \#(everything), "action": "SCMP_ACT_ALLOW"}"#)
            bench.config.set("linux.seccomp.defaultErrnoRet", "95")
            try bench.run("set-personality 0").expectError("set-personality 0", .notSupported)
        },
        check(
            "oci.seccomp.errno-refused", "an error number for an action that has none is an error",
            errnoRefused, needs: needs + [.since("1.0.2")]
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", rule("SCMP_ACT_KILL", #""errnoRet": 95"#))
            try bench.mustNotRun("SCMP_ACT_KILL has no errno")
        },
        check(
            "oci.seccomp.default-errno-refused",
            "a default error number for an action that has none is an error", errnoRefused,
            needs: needs + [.since("1.1.0")]
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", rule("SCMP_ACT_ERRNO"))
            bench.config.set("linux.seccomp.defaultErrnoRet", "95")
            try bench.mustNotRun("SCMP_ACT_ALLOW has no errno")
        },
        killCase("SCMP_ACT_KILL"), killCase("SCMP_ACT_KILL_PROCESS"), killCase("SCMP_ACT_KILL_THREAD"),
        killCase("SCMP_ACT_TRAP"),
        check(
            "oci.seccomp.trace", "SCMP_ACT_TRACE without a tracer refuses the call with ENOSYS", action,
            needs: needs + [.feature("linux.seccomp.actions", "SCMP_ACT_TRACE")]
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", rule("SCMP_ACT_TRACE"))
            try bench.run("set-personality 0").expectError("set-personality 0", .noSuchCall)
        },
        check(
            "oci.seccomp.log", "SCMP_ACT_LOG lets the call through", action,
            needs: needs + [.feature("linux.seccomp.actions", "SCMP_ACT_LOG")]
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", rule("SCMP_ACT_LOG"))
            try bench.run("set-personality 0").expect("set-personality 0", "true")
        },
        check("oci.seccomp.names-empty", "a rule without names is an error", names, invalid, needs: needs) {
            bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", #"{"names": [], "action": "SCMP_ACT_ERRNO"}"#)
            try bench.mustNotRun("names is empty")
        },
        check(
            "oci.seccomp.names-unknown", "a system call this machine does not have is no error", names,
            needs: needs
        ) { bench throws(Stop) in
            bench.seccomp(
                "SCMP_ACT_ALLOW", #"{"names": ["nosuchcall", "personality"], "action": "SCMP_ACT_ERRNO"}"#)
            try bench.run("set-personality 0").expectError("set-personality 0", .notPermitted)
        },
        check(
            "oci.seccomp.unknown-action", "an action nobody knows is an error", action, invalid, needs: needs
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", rule("SCMP_ACT_NONSENSE"))
            try bench.mustNotRun("there is no action SCMP_ACT_NONSENSE")
        },
        check(
            "oci.seccomp.unknown-default", "a default action nobody knows is an error", defaultAction,
            invalid, needs: needs
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_NONSENSE", rule("SCMP_ACT_ERRNO"))
            try bench.mustNotRun("there is no action SCMP_ACT_NONSENSE")
        },
        check(
            "oci.seccomp.architectures", "the filter holds for the machine's own architecture beside others",
            architectures, needs: needs
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", rule("SCMP_ACT_ERRNO"))
            bench.config.set(
                "linux.seccomp.architectures", #"["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_AARCH64"]"#)
            try bench.run("set-personality 0").expectError("set-personality 0", .notPermitted)
        },
        check(
            "oci.seccomp.unknown-architecture", "an architecture nobody knows is an error", architectures,
            invalid, needs: needs
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", rule("SCMP_ACT_ERRNO"))
            bench.config.set("linux.seccomp.architectures", #"["SCMP_ARCH_NONSENSE"]"#)
            try bench.mustNotRun("there is no architecture SCMP_ARCH_NONSENSE")
        },
        check(
            "oci.seccomp.no-new-privileges",
            "the filter is there with noNewPrivileges, too, and for another user", defaultAction, needs: needs
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", rule("SCMP_ACT_ERRNO"))
            bench.config.set("process.noNewPrivileges", "true")
            bench.config.set("process.user", #"{"uid": 1000, "gid": 1000}"#)
            bench.config.set("process.capabilities", "{}")
            let seen = try bench.run("status Seccomp", "set-personality 0")
            try seen.expect("status Seccomp", "2")
            try seen.expectError("set-personality 0", .notPermitted)
        },
        check("oci.seccomp.no-flags", "an empty list of flags is none", flags, needs: needs) {
            bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", rule("SCMP_ACT_ERRNO"))
            bench.config.set("linux.seccomp.flags", "[]")
            try bench.run("status Seccomp").expect("status Seccomp", "2")
        },
        check("oci.seccomp.unknown-flag", "a flag nobody knows is an error", flags, invalid, needs: needs) {
            bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", rule("SCMP_ACT_ERRNO"))
            bench.config.set("linux.seccomp.flags", #"["SECCOMP_FILTER_FLAG_NONSENSE"]"#)
            try bench.mustNotRun("there is no flag SECCOMP_FILTER_FLAG_NONSENSE")
        },
    ]
        + ["SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"].map(
            flagCase) + operators.map(operatorCase))

/// A rule about personality(2), which a program hardly needs.
private func rule(_ action: String, _ more: String = "") -> String {
    #"{"names": ["personality"], "action": "\#(action)"\#(more.isEmpty ? "" : ", " + more)}"#
}

private func killCase(_ name: String) -> Case<ContainerBench> {
    check(
        "oci.seccomp.\(name)", "\(name) ends the program with SIGSYS", action,
        needs: needs + [.feature("linux.seccomp.actions", name)]
    ) { bench throws(Stop) in
        bench.seccomp("SCMP_ACT_ALLOW", rule(name))
        let seen = try bench.run("pid", "set-personality 0", "directory")
        try seen.expect("pid", "1")
        try require(!seen.has("directory"), "an end at the call", seen: "the program went on")
        try require(
            seen.status == nil || seen.status == .signaled(31), "signal 31", seen: seen.status?.text ?? "")
    }
}

private func flagCase(_ name: String) -> Case<ContainerBench> {
    check(
        "oci.seccomp.\(name)", "the flag \(name) is taken", flags,
        needs: needs + [
            .since("1.0.2"), .feature("linux.seccomp.knownFlags", name),
            .feature("linux.seccomp.supportedFlags", name),
        ]
    ) { bench throws(Stop) in
        bench.seccomp("SCMP_ACT_ALLOW", rule("SCMP_ACT_ERRNO"))
        bench.config.set("linux.seccomp.flags", "[\"\(name)\"]")
        let seen = try bench.run("status Seccomp", "set-personality 0")
        try seen.expect("status Seccomp", "2")
        try seen.expectError("set-personality 0", .notPermitted)
    }
}

/// An operator, with arguments of personality(2) it refuses and lets through. 8 and 16 and so on change nothing that lasts.
private let operators: [(name: String, value: String, refused: Int, passed: Int)] = [
    ("SCMP_CMP_EQ", #""value": 8"#, 8, 0), ("SCMP_CMP_NE", #""value": 8"#, 0, 8),
    ("SCMP_CMP_LT", #""value": 8"#, 0, 8),
    ("SCMP_CMP_LE", #""value": 0"#, 0, 8), ("SCMP_CMP_GE", #""value": 8"#, 8, 0),
    ("SCMP_CMP_GT", #""value": 0"#, 8, 0),
    ("SCMP_CMP_MASKED_EQ", #""value": 8, "valueTwo": 8"#, 8, 0),
]

private func operatorCase(_ item: (name: String, value: String, refused: Int, passed: Int)) -> Case<
    ContainerBench
> {
    check(
        "oci.seccomp.\(item.name)", "\(item.name) compares an argument of the call", arguments,
        needs: needs + [.feature("linux.seccomp.operators", item.name)]
    ) { bench throws(Stop) in
        bench.seccomp(
            "SCMP_ACT_ALLOW",
            rule("SCMP_ACT_ERRNO", #""args": [{"index": 0, \#(item.value), "op": "\#(item.name)"}]"#))
        let seen = try bench.run("set-personality \(item.refused)", "set-personality \(item.passed)")
        try seen.expectError("set-personality \(item.refused)", .notPermitted)
        try seen.expect("set-personality \(item.passed)", "true")
    }
}

extension ContainerBench {
    /// Sets a seccomp profile with one rule.
    func seccomp(_ defaultAction: String, _ rule: String) {
        config.set("linux.seccomp", #"{"defaultAction": "\#(defaultAction)", "syscalls": [\#(rule)]}"#)
    }
}

/// What a program and a runtime need, but for personality(2).
private let everything = JSONValue.array(
    """
    read write open openat close stat fstat newfstatat lstat statx poll lseek mmap mprotect munmap brk rt_sigaction
    rt_sigprocmask ioctl pread64 pwrite64 readv writev access pipe pipe2 dup dup2 dup3 getpid exit exit_group execve execveat
    uname fcntl getcwd chdir fchdir readlink readlinkat umask getrlimit prlimit64 getuid getgid geteuid getegid getppid setsid
    setuid setgid setgroups setresuid setresgid capget capset prctl arch_prctl futex sched_yield sched_getaffinity getdents64
    set_tid_address set_robust_list rseq clock_gettime clock_nanosleep nanosleep getrandom faccessat faccessat2 fstatfs statfs
    socketpair sendto recvfrom sendmsg recvmsg shutdown tgkill gettid madvise sigaltstack rt_sigreturn epoll_create1 epoll_ctl
    epoll_pwait epoll_wait eventfd2 clone clone3 wait4 kill close_range mkdirat fchmod fchown openat2 memfd_create mincore
    unlink unlinkat flock fsync ftruncate sysinfo getpgid getsid sched_getparam sched_getscheduler membarrier seccomp
    """.split { $0 == " " || $0 == "\n" }.map { .string(String($0)) }
).text
