#define _GNU_SOURCE
#include "ck_scheduling.h"
#include "answer.h"
#include <linux/ioprio.h>
#include <linux/sched/types.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int ck_set_limit(pid_t pid, int resource, uint64_t soft, uint64_t hard)
{
    struct rlimit64 limit = { .rlim_cur = soft, .rlim_max = hard };
    return ANSWER(prlimit64(pid, resource, &limit, NULL));
}
int ck_get_limit(pid_t pid, int resource, uint64_t *soft, uint64_t *hard)
{
    struct rlimit64 limit = { 0, 0 };
    int answer = ANSWER(prlimit64(pid, resource, NULL, &limit));
    *soft = limit.rlim_cur;
    *hard = limit.rlim_max;
    return answer;
}
int ck_set_scheduler(pid_t pid, const struct ck_scheduler *in)
{
    struct sched_attr attributes = { .size = sizeof attributes, .sched_policy = in->policy,
        .sched_flags = in->flags, .sched_nice = in->nice, .sched_priority = in->priority,
        .sched_runtime = in->runtime, .sched_deadline = in->deadline, .sched_period = in->period };
    return (int)ANSWER(syscall(SYS_sched_setattr, pid, &attributes, 0));
}
int ck_set_affinity(pid_t pid, const void *mask, size_t size)
{
    return (int)ANSWER(syscall(SYS_sched_setaffinity, pid, size, mask));
}
int ck_get_affinity(pid_t pid, void *mask, size_t size)
{
    return (int)ANSWER(syscall(SYS_sched_getaffinity, pid, size, mask));
}
int ck_set_io_priority(pid_t pid, int value)
{
    return (int)ANSWER(syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, pid, value));
}
int ck_get_io_priority(pid_t pid)
{
    return (int)ANSWER(syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, pid));
}
int ck_set_memory_policy(int mode, const uint64_t *mask, unsigned long bits)
{
    return (int)ANSWER(syscall(SYS_set_mempolicy, mode, mask, bits));
}
int ck_set_personality(unsigned long domain) { return ANSWER(personality(domain)); }
