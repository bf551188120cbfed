// Processes, signals and namespaces.
#ifndef CK_PROCESS_H
#define CK_PROCESS_H
#include <stdint.h>
#include <sys/types.h>

// A process like fork(2) makes it, with a pidfd. `cgroup_fd` is -1, or a cgroup v2 directory to be born in.
int ck_clone3(uint64_t flags, int exit_signal, int cgroup_fd, int *pidfd);
int ck_fork(void);
int ck_waitpid(pid_t pid, int *status, int options);
int ck_setns(int fd, int nstype);
int ck_unshare(int flags);
// Starts a program as a child with `streams` as its standard streams; -1 leaves one as it is, any other is 3 or above. Every other
// descriptor closes but `inherited`, which is 3 or above, or -1. It starts in `directory`, unless that is NULL or cannot be gone to. A
// supervised one leads a process group and dies with its parent. Minus the error number also when the program cannot be executed; there
// is no child then.
int ck_spawn(
    const char *path, char *const argv[], char *const envp[], const char *directory, const int streams[3], int inherited,
    int is_supervised);
int ck_execve(const char *path, char *const argv[], char *const envp[]);
int ck_kill(pid_t pid, int signal);
int ck_pidfd_open(pid_t pid, unsigned flags);
// A copy of descriptor `number` of another process, close-on-exec.
int ck_pidfd_getfd(int pidfd, int number);
int ck_pidfd_send_signal(int pidfd, int signal);
int ck_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d);
int ck_setsid(void);
int ck_setpgid(pid_t pid, pid_t group);
int ck_setresuid(uid_t uid);
int ck_setresgid(gid_t gid);
int ck_setgroups(size_t count, const gid_t *groups);
int ck_sethostname(const char *name, size_t length);
int ck_setdomainname(const char *name, size_t length);
// Waits for readiness. `milliseconds` is -1 for ever. `events` in, `revents` out, as poll(2) has them.
struct ck_poll { int fd; short events; short revents; };
int ck_poll(struct ck_poll *fds, unsigned count, int milliseconds);
// Block signals and answer a signalfd for them; undone by ck_unblock_signals.
int ck_signalfd_all(void);
int ck_signalfd_of(const int *signals, size_t count);
int ck_unblock_signals(void);
// Sets every signal that can be set back to its default action.
int ck_reset_signals(void);
int ck_ignore_signal(int signal);
// Catches a signal and does nothing: unlike an ignored one it is back at its default in a program that is executed.
int ck_swallow_signal(int signal);
int64_t ck_monotonic_milliseconds(void);
#endif
