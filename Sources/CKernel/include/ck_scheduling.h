// Limits, scheduling, I/O priority, NUMA policy and execution domain of a process.
#ifndef CK_SCHEDULING_H
#define CK_SCHEDULING_H
#include <stdint.h>
#include <sys/types.h>

int ck_set_limit(pid_t pid, int resource, uint64_t soft, uint64_t hard);
int ck_get_limit(pid_t pid, int resource, uint64_t *soft, uint64_t *hard);

struct ck_scheduler {
    uint32_t policy;
    int32_t nice;
    uint32_t priority;
    uint64_t flags;
    uint64_t runtime;   // nanoseconds, like the next two
    uint64_t deadline;
    uint64_t period;
};
int ck_set_scheduler(pid_t pid, const struct ck_scheduler *attributes);
// `mask` has bit N for CPU N, `size` bytes.
int ck_set_affinity(pid_t pid, const void *mask, size_t size);
int ck_get_affinity(pid_t pid, void *mask, size_t size);
int ck_set_io_priority(pid_t pid, int value);
int ck_get_io_priority(pid_t pid);
// `mask` has bit N for node N, `bits` of them; NULL and 0 for an empty set.
int ck_set_memory_policy(int mode, const uint64_t *mask, unsigned long bits);
int ck_set_personality(unsigned long domain);
#endif
