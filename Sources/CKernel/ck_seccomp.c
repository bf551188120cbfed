#define _GNU_SOURCE
#include "ck_seccomp.h"
#include "answer.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

int ck_seccomp_load(uint32_t flags, const void *instructions, uint16_t count)
{
    struct sock_fprog program = { .len = count, .filter = (struct sock_filter *)instructions };
    return (int)ANSWER(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
}
int ck_seccomp_action_available(uint32_t action)
{
    return (int)ANSWER(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action));
}
int ck_seccomp_probe_flags(uint32_t flags)
{
    return (int)ANSWER(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, NULL));
}
