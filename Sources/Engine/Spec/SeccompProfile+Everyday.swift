extension SeccompProfile {
    /// Calls any program may make, by what they are about.
    static let everyday = [
        // Files and directories.
        "access chdir chmod chown chown32 close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64 fadvise64_64",
        "fallocate fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl fcntl64 fdatasync flock fstat fstat64 fstatat64 fstatfs",
        "fstatfs64 fsync ftruncate ftruncate64 futimesat getcwd getdents getdents64 lchown lchown32 link linkat _llseek lseek lstat lstat64",
        "mkdir mkdirat mknod mknodat name_to_handle_at newfstatat open openat openat2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read",
        "readahead readlink readlinkat readv rename renameat renameat2 rmdir sendfile sendfile64 splice stat stat64 statfs statfs64 statx",
        "symlink symlinkat sync sync_file_range syncfs tee truncate truncate64 umask unlink unlinkat utime utimensat utimensat_time64 utimes",
        "vmsplice write writev ioctl pipe pipe2 cachestat",
        // Extended attributes.
        "fgetxattr flistxattr fremovexattr fsetxattr getxattr getxattrat lgetxattr listxattr listxattrat llistxattr lremovexattr lsetxattr",
        "removexattr removexattrat setxattr setxattrat",
        // Waiting for files, and files which tell of something.
        "epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2",
        "fanotify_mark inotify_add_watch inotify_init inotify_init1 inotify_rm_watch _newselect poll ppoll ppoll_time64 pselect6",
        "pselect6_time64 select signalfd signalfd4 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64",
        "io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit memfd_create memfd_secret",
        // Memory.
        "brk madvise map_shadow_stack membarrier mincore mlock mlock2 mlockall mmap mmap2 mprotect mremap mseal msync munlock munlockall munmap",
        "pkey_alloc pkey_free pkey_mprotect remap_file_pages",
        // Processes and threads.
        "execve execveat exit exit_group fork vfork getpgid getpgrp getpid getppid getsid gettid kill pidfd_open pidfd_send_signal prctl",
        "process_mrelease restart_syscall rseq setpgid setsid set_tid_address set_robust_list get_robust_list set_thread_area get_thread_area",
        "tgkill tkill wait4 waitid waitpid arch_prctl getcpu sched_getaffinity sched_getattr sched_getparam sched_get_priority_max",
        "sched_get_priority_min sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr",
        "sched_setparam sched_setscheduler sched_yield getpriority setpriority ioprio_get ioprio_set futex futex_requeue futex_time64",
        "futex_wait futex_waitv futex_wake getrlimit getrusage prlimit64 setrlimit ugetrlimit times sysinfo uname pause alarm getitimer",
        "setitimer uretprobe",
        // ptrace(2) goes round no filter since Linux 4.8, which is older than any kernel this engine works on.
        "ptrace process_vm_readv process_vm_writev",
        // Who the process is.
        "capget capset getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getresgid getresgid32 getresuid",
        "getresuid32 getuid getuid32 setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setregid setregid32",
        "setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setuid setuid32 seccomp landlock_add_rule",
        "landlock_create_ruleset landlock_restrict_self",
        // Signals.
        "rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64",
        "rt_tgsigqueueinfo sigaltstack sigprocmask sigreturn",
        // Time.
        "adjtimex clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep",
        "clock_nanosleep_time64 gettimeofday nanosleep time timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64",
        "timer_settime timer_settime64",
        // Sockets, and other ways to talk.
        "accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmmsg_time64 recvmsg send sendmmsg",
        "sendmsg sendto setsockopt shutdown socketcall socketpair ipc mq_getsetattr mq_notify mq_open mq_timedreceive",
        "mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink msgctl msgget msgrcv msgsnd semctl semget semop semtimedop",
        "semtimedop_time64 shmat shmctl shmdt shmget getrandom",
    ]
}
