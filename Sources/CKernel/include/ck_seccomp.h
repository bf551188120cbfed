// Loading a seccomp filter, and asking what the kernel can do. seccomp(2).
#ifndef CK_SECCOMP_H
#define CK_SECCOMP_H
#include <stdint.h>

// `instructions` is an array of `count` struct sock_filter. Answers a descriptor with CK_SECCOMP_NEW_LISTENER.
int ck_seccomp_load(uint32_t flags, const void *instructions, uint16_t count);
// Zero when the kernel knows the action.
int ck_seccomp_action_available(uint32_t action);
// Never loads anything. -EFAULT when the kernel knows all of `flags`, -EINVAL when it does not.
int ck_seccomp_probe_flags(uint32_t flags);

enum { CK_SECCOMP_LOG = 2, CK_SECCOMP_SPEC_ALLOW = 4, CK_SECCOMP_NEW_LISTENER = 8,
       CK_SECCOMP_WAIT_KILLABLE_RECV = 32 };
#endif
