#define _GNU_SOURCE
#include "ck_own.h"
#include "answer.h"
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/wait.h>
#include <unistd.h>

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
