#define _GNU_SOURCE
#include "ck_process.h"
#include "answer.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int ck_clone3(uint64_t flags, int exit_signal, int cgroup_fd, int *pidfd)
{
    struct clone_args args;
    memset(&args, 0, sizeof args);
    args.flags = flags | CLONE_PIDFD;
    args.exit_signal = (uint64_t)exit_signal;
    args.pidfd = (uint64_t)(uintptr_t)pidfd;
    if (cgroup_fd >= 0) { args.flags |= CLONE_INTO_CGROUP; args.cgroup = (uint64_t)cgroup_fd; }
    return (int)ANSWER(syscall(SYS_clone3, &args, sizeof args));
}
int ck_fork(void) { return ANSWER(fork()); }
int ck_waitpid(pid_t pid, int *status, int options) { return ANSWER(waitpid(pid, status, options)); }
int ck_setns(int fd, int nstype) { return ANSWER(setns(fd, nstype)); }
int ck_unshare(int flags) { return ANSWER(unshare(flags)); }
int ck_execve(const char *path, char *const argv[], char *const envp[])
{
    return ANSWER(execve(path, argv, envp));
}
// The child borrows the caller's memory until it executes, so nothing is copied. It may therefore change nothing but `failure`, which
// is how the caller hears why, and no Swift may run in it: the whole way to execve(2) stands here.
int ck_spawn(
    const char *path, char *const argv[], char *const envp[], const char *directory, const int streams[3], int inherited,
    int is_supervised)
{
    volatile int failure = 0;
    pid_t caller = getpid();
    pid_t pid = vfork();
    if (pid == 0) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        int is_ready = 1;
        if (is_supervised) {
            // It may have died before the kernel was told.
            is_ready = setpgid(0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == caller;
        }
        for (int number = 0; is_ready && number < 3; number++) {
            if (streams[number] >= 0) is_ready = dup2(streams[number], number) >= 0;
        }
        // Best effort: a bundle may be gone when its hooks still run.
        if (directory && chdir(directory) != 0) errno = 0;
        if (is_ready && close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC) == 0 && (inherited < 0 || fcntl(inherited, F_SETFD, 0) == 0)) {
            execve(path, argv, envp);
        }
        failure = errno;
        _exit(127);
    }
    if (pid < 0) return -errno;
    if (failure == 0) return pid;
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    return -failure;
}
int ck_kill(pid_t pid, int signal) { return ANSWER(kill(pid, signal)); }
int ck_pidfd_open(pid_t pid, unsigned flags) { return (int)ANSWER(syscall(SYS_pidfd_open, pid, flags)); }
int ck_pidfd_getfd(int pidfd, int number) { return (int)ANSWER(syscall(SYS_pidfd_getfd, pidfd, number, 0)); }
int ck_pidfd_send_signal(int pidfd, int signal)
{
    return (int)ANSWER(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}
int ck_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
    return ANSWER(prctl(option, a, b, c, d));
}
int ck_setsid(void) { return ANSWER(setsid()); }
int ck_setpgid(pid_t pid, pid_t group) { return ANSWER(setpgid(pid, group)); }
// The raw calls: glibc's own would signal every thread, and this process has one.
int ck_setresuid(uid_t uid) { return (int)ANSWER(syscall(SYS_setresuid, uid, uid, uid)); }
int ck_setresgid(gid_t gid) { return (int)ANSWER(syscall(SYS_setresgid, gid, gid, gid)); }
int ck_setgroups(size_t count, const gid_t *groups) { return (int)ANSWER(syscall(SYS_setgroups, count, groups)); }
int ck_sethostname(const char *name, size_t length) { return ANSWER(sethostname(name, length)); }
int ck_setdomainname(const char *name, size_t length) { return ANSWER(setdomainname(name, length)); }
int ck_poll(struct ck_poll *fds, unsigned count, int milliseconds)
{
    _Static_assert(sizeof(struct ck_poll) == sizeof(struct pollfd), "ck_poll is pollfd");
    return ANSWER(poll((struct pollfd *)fds, count, milliseconds));
}
static int collected(const sigset_t *signals)
{
    int blocked = ANSWER(sigprocmask(SIG_BLOCK, signals, NULL));
    return blocked < 0 ? blocked : ANSWER(signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK));
}
int ck_signalfd_all(void)
{
    sigset_t all;
    sigfillset(&all);
    return collected(&all);
}
int ck_signalfd_of(const int *signals, size_t count)
{
    sigset_t some;
    sigemptyset(&some);
    for (size_t i = 0; i < count; i++) sigaddset(&some, signals[i]);
    return collected(&some);
}
int ck_unblock_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    return ANSWER(sigprocmask(SIG_SETMASK, &none, NULL));
}
int ck_reset_signals(void)
{
    struct sigaction standard;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    for (int number = 1; number < 65; number++) sigaction(number, &standard, NULL);
    return 0;
}
static void nothing(int number) { (void)number; }
int ck_swallow_signal(int number)
{
    struct sigaction swallow;
    memset(&swallow, 0, sizeof swallow);
    swallow.sa_handler = nothing;
    swallow.sa_flags = SA_RESTART;
    return ANSWER(sigaction(number, &swallow, NULL));
}
int ck_ignore_signal(int number)
{
    struct sigaction ignore;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    return ANSWER(sigaction(number, &ignore, NULL));
}
int64_t ck_monotonic_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
