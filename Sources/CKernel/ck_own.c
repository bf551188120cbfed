#define _GNU_SOURCE
#include "ck_own.h"
#include "answer.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

int64_t ck_fstatfs_flags(int fd)
{
    struct statfs found;
    int answer = ANSWER(fstatfs(fd, &found));
    return answer < 0 ? answer : (int64_t)found.f_flags;
}
int ck_add_seals(int fd, int seals) { return ANSWER(fcntl(fd, F_ADD_SEALS, seals)); }
int ck_get_seals(int fd) { return ANSWER(fcntl(fd, F_GET_SEALS)); }
int ck_setfsuid(uid_t uid) { return setfsuid(uid); }
int ck_setfsgid(gid_t gid) { return setfsgid(gid); }
int ck_peek_exit(pid_t pid, int *status)
{
    siginfo_t info = { 0 };
    int answer = ANSWER(waitid(pid ? P_PID : P_ALL, (id_t)pid, &info, WEXITED | WNOWAIT | (pid ? 0 : WNOHANG)));
    if (answer < 0) return answer;
    *status = info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status;
    return info.si_pid;
}
